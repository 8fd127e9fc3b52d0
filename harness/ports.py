"""Ports of this machine: free ones, each for one process of tests alone, and how many sockets listen on one."""

import fcntl
import os
import secrets
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock

from harness.memory import DISK

FIRST = 20_100  # above those that the demonstration takes by itself
USUALLY_OUTGOING = 32_768
ENOUGH = 1_000
OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
RESERVED = DISK / "renumber-test-ports"  # one for all who test on this machine
SOCK_DIAG = 4  # this and what follows: sock_diag(7), netlink(7)
FAILED, DONE, BY_FAMILY = 2, 3, 20
REQUEST_ALL = 0x301
LISTEN = 1 << 10
HEADER, QUESTION = struct.Struct("=IHHII"), struct.Struct("=BBBxI2s46x")


class Ports:
    """A range from which processes take ports; a lock on one byte of a file keeps each until its process ends."""

    def __init__(self, among: range, reserved: Path = RESERVED) -> None:
        self.among = among
        self._file = _opened(reserved)
        self._one_at_a_time = Lock()
        self._untried = _from_anywhere(among)

    def take(self) -> int:
        """Give a port that no process has, on which nothing listens and which no closed connection keeps for itself."""
        with self._one_at_a_time:
            for port in self._untried:
                if self._reserve(port) and _is_free(port):
                    return port
        raise RuntimeError("no port is left for a server of the tests")

    def _reserve(self, port: int) -> bool:
        """Lock the port's byte: the kernel lets go of it when this process ends, in whatever way."""
        with suppress(BlockingIOError, PermissionError):  # either says that another process has it
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
            return True
        return False


def free_port() -> int:
    """Find a port for a server; this process never gets the same again, and no other does before it ends."""
    return _ports().take()


@cache
def _ports() -> Ports:
    return Ports(below_outgoing())


def below_outgoing(kernel: Path = OUTGOING) -> range:
    """Name the ports that the kernel gives to no outgoing connection and no listener of its own choice."""
    with suppress(OSError):
        first = int(kernel.read_text().split()[0])
        if first - FIRST >= ENOUGH:
            return range(FIRST, first)
    return range(FIRST, USUALLY_OUTGOING)


def _from_anywhere(among: range) -> Iterator[int]:
    """Walk once around, from a place of its own, so that what a process before has used may rest."""
    begin = secrets.randbelow(len(among))
    return iter([*among[begin:], *among[:begin]])


def _is_free(port: int) -> bool:
    """Bind it, at every address of both families."""
    try:
        for family in (socket.AF_INET, socket.AF_INET6) if _has_ipv6() else (socket.AF_INET,):
            with socket.socket(family) as probe:
                if family is socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind(("", port))
    except OSError:
        return False
    return True


@cache
def _has_ipv6() -> bool:
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


def _opened(reserved: Path) -> int:
    """Open the file, which whoever comes first makes, for everybody: a lock needs the right to write."""
    with suppress(FileExistsError):
        os.close(os.open(reserved, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        reserved.chmod(0o666)
    return os.open(reserved, os.O_WRONLY | os.O_NOFOLLOW)


def listeners(port: int) -> int:
    """How many sockets of this machine listen on a port: each worker has its own."""
    try:
        return _listening(port)
    except OSError:
        return _listed(port)


def _listed(port: int) -> int:
    tables = [path for path in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")) if path.exists()]
    lines = [line for path in tables for line in path.read_text().splitlines()[1:]]
    return sum(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A" for line in lines)


def _listening(port: int) -> int:
    """Count the sockets of this machine that listen on a port of either family; OSError where the kernel won't say."""
    return sum(kind == BY_FAMILY for family in (socket.AF_INET, socket.AF_INET6) for kind in _answers(family, port))


def _answers(family: int, port: int) -> Iterator[int]:
    about = QUESTION.pack(family, socket.IPPROTO_TCP, 0, LISTEN, struct.pack("!H", port))
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, SOCK_DIAG) as kernel:
        kernel.send(HEADER.pack(HEADER.size + len(about), BY_FAMILY, REQUEST_ALL, 0, 0) + about)
        kinds = [0]
        while kinds[-1] != DONE:
            kinds = list(_kinds(kernel.recv(65536)))
            if FAILED in kinds:
                raise OSError("the kernel tells nothing of its sockets")
            yield from kinds


def _kinds(answer: bytes) -> Iterator[int]:
    while answer:
        length, kind, *_ = HEADER.unpack_from(answer)
        yield kind
        answer = answer[(length + 3) & ~3 :]
