"""The reverse proxies that operators put in front: the machine's own HAProxy and nginx, with a few lines each."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.ports import free_port, listeners
from harness.postgres import stop
from harness.server import PROXY

NAMES = ("haproxy", "nginx")
STARTS_WITHIN = 30.0  # seconds
MISSING = (
    "No {} was found. Install it (Debian and Ubuntu: apt-get install haproxy nginx-light), "
    "or run scripts/find-proxies as root, which does it for you."
)
HAPROXY = """\
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
listen renumber
    bind 127.0.0.1:{port}
    option forwardfor
    server renumber 127.0.0.1:{behind} source {source}
"""
NGINX = """\
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_bind {source};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }}
    }}
}}
"""
CONFIGURATIONS = {"haproxy": HAPROXY, "nginx": NGINX}


def find_proxy(name: str) -> Path:
    """Find one of the proxies on this machine."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise FileNotFoundError(MISSING.format(name))
    return Path(found)


@contextmanager
def running_proxy(name: str, behind: int, folder: Path) -> Iterator[int]:
    """Put a proxy in front of a port until the block ends, and give its own port; it calls from `PROXY`."""
    port, place = free_port(), folder / f"{name}.conf"
    lines = CONFIGURATIONS[name].format(port=port, behind=behind, source=PROXY, folder=folder)
    place.write_text(lines)
    log = folder / f"{name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(_command(name, place, folder), stdout=output, stderr=output)
    try:
        _await(port, process, log)
        yield port
    finally:
        stop(process)


def _command(name: str, configuration: Path, folder: Path) -> list[str]:
    program = str(find_proxy(name))
    if name == "haproxy":
        return [program, "-q", "-db", "-f", str(configuration)]
    return [program, "-p", f"{folder}/", "-c", str(configuration)]


def _await(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up_at = time.monotonic() + STARTS_WITHIN
    while not listeners(port):
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise RuntimeError(f"The proxy did not start: {log.read_text(errors='replace')}")
        time.sleep(0.03)


if __name__ == "__main__":
    try:
        sys.stdout.write("".join(f"{name}: {find_proxy(name)}\n" for name in NAMES))
    except FileNotFoundError as error:
        sys.exit(str(error))
