"""The folder in which the worker processes of one server add up their metrics."""

import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "renumber-metrics-"
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # set by `renumber serve`: there the worker processes add up


def make_shared_folder() -> Path:
    """Make a fresh folder for the workers of this process, and remove those of servers that are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        is_ours = folder.lstat().st_uid == os.getuid() and pid.isdigit()
        if is_ours and (int(pid) == os.getpid() or not is_alive(int(pid))):
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def remove_shared_folder() -> None:
    """Remove the folder that was made for this process, once no worker counts any more."""
    folder = Path(os.environ.get(SHARED_FOLDER, ""))
    if folder.name.startswith(f"{PREFIX}{os.getpid()}-"):
        shutil.rmtree(folder, ignore_errors=True)


def is_alive(pid: int) -> bool:
    """Say whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
