"""A PgBouncer in front of a PostgreSQL server, with few server connections, so that clients have to share them."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from harness.memory import DISK, memory_folder
from harness.ports import free_port, listeners
from harness.postgres import give_away, identity, stop

STARTS_WITHIN = 30.0  # seconds
MISSING = (
    "No PgBouncer was found. Install it (Debian and Ubuntu: apt-get install pgbouncer), "
    "or run scripts/find-pgbouncer as root, which does it for you."
)
CONFIGURATION = """\
[databases]
* = host=127.0.0.1 port={behind} user={user} password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
admin_users = {user}
pool_mode = {mode}
default_pool_size = {servers}
max_client_conn = 500
server_round_robin = 1
{more}
"""


def find_pgbouncer() -> Path:
    """Find PgBouncer on this machine."""
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise FileNotFoundError(MISSING)
    return Path(found)


@contextmanager
def running_pgbouncer(url: str, *, mode: str, servers: int = 3, more: str = "") -> Iterator[str]:
    """Put a PgBouncer in front of a database until the block ends, and give the URL that leads through it."""
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="renumber-pool-", dir=memory_folder() or DISK))
    parts, log = urlsplit(url), folder / "log"
    values = {"behind": parts.port, "user": parts.username, "password": parts.password, "folder": folder}
    (folder / "ini").write_text(CONFIGURATION.format(port=port, mode=mode, servers=servers, more=more, **values))
    (folder / "users").write_text(f'"{parts.username}" ""\n')
    for path in (folder, folder / "ini", folder / "users"):
        give_away(path)
    try:
        with _serving(folder, port, log):
            yield f"postgresql://{parts.username}@127.0.0.1:{port}{parts.path}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _serving(folder: Path, port: int, log: Path) -> Iterator[None]:
    with log.open("ab") as output:
        command = [str(find_pgbouncer()), str(folder / "ini")]
        process = subprocess.Popen(command, stdout=output, stderr=output, **identity())
    try:
        _await(port, process, log)
        yield
    finally:
        stop(process)


def _await(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up_at = time.monotonic() + STARTS_WITHIN
    while not listeners(port):
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise RuntimeError(f"PgBouncer did not start: {log.read_text(errors='replace')}")
        time.sleep(0.03)


if __name__ == "__main__":
    try:
        sys.stdout.write(f"pgbouncer: {find_pgbouncer()}\n")
    except FileNotFoundError as error:
        sys.exit(str(error))
