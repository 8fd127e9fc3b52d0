"""Where tests keep their files: in memory where the machine has room for them, since none has to outlast the run."""

import os
import shutil
from pathlib import Path

# Whoever puts something there makes a folder that is theirs alone; both names are short enough for a socket.
MEMORY = Path("/dev/shm")  # noqa: S108
DISK = Path("/tmp")  # noqa: S108
ROOM = 2 * 2**30  # bytes, several times what a whole run keeps at once


def memory_folder(folder: Path = MEMORY) -> Path | None:
    """Give the folder in memory, unless it is missing, closed, too small, or closed to programs that tests install."""
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return None
    return folder if shutil.disk_usage(folder).free >= ROOM else None
