"""The sockets that listen on a port, asked of the kernel: its table under /proc lists every closed connection too."""

import socket
import struct
from collections.abc import Iterator

SOCK_DIAG = 4  # this and what follows: sock_diag(7), netlink(7)
FAILED, DONE, BY_FAMILY = 2, 3, 20
REQUEST_ALL = 0x301
LISTEN = 1 << 10
HEADER, QUESTION = struct.Struct("=IHHII"), struct.Struct("=BBBxI2s46x")


def listening(port: int) -> int:
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
