"""The addresses that the demonstration listens on: of this machine only."""

import secrets
import socket

from renumber.demo.ports import DemoError

TRIES = 50
QUIET = 10_000


def origin(host: str, port: int) -> str:
    """Write the origin of a server at this host and port."""
    return f"http://{netloc(host, port)}"


def netloc(host: str, port: int) -> str:
    """Write host and port as they stand in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def bind(host: str, port: int, *, or_next: bool) -> socket.socket:
    """Bind the port, or with `or_next` the next free one."""
    for candidate in range(port, min(port + (TRIES if or_next else 1), 65536)):
        taken = _try(host, candidate)
        if taken:
            return taken
    advice = "Choose another with --port." if not or_next else "Choose a free one with --port."
    raise DemoError(f"Port {port} on {host} is taken. {advice}")


def quiet_port(host: str) -> int:
    """Find a free port for a server that nobody opens by hand, below those that outgoing connections are given."""
    with bind(host, QUIET + secrets.randbelow(QUIET), or_next=True) as found:
        port: int = found.getsockname()[1]
        return port


def _try(host: str, port: int) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    candidate = socket.socket(family, socket.SOCK_STREAM)
    candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        candidate.bind((host, port))
        candidate.listen()
    except OSError:
        candidate.close()
        return None
    return candidate
