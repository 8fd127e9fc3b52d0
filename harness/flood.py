"""Clients that forget passwords of addresses without an account, from processes of their own, until they are ended."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread

from harness.visitor import Visitor

CLIENTS_OF_PROCESS = 4
BEGUN = "begun"


@contextmanager
def flooded(port: int, clients: int) -> Iterator[None]:
    """Keep so many clients at it, each with one request after the other."""
    processes = [
        Popen([sys.executable, "-m", "harness.flood", str(port), str(turn)], stdout=PIPE, stderr=DEVNULL, text=True)
        for turn in range(clients // CLIENTS_OF_PROCESS)
    ]
    try:
        for process in processes:
            assert process.stdout
            assert process.stdout.readline().strip() == BEGUN
        yield
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _flood(port: int, network: int) -> None:
    """Try another address with each request, and from another place, so that nothing slows this client down."""
    ip = f"127.{network}.1.1"
    seed = Visitor(port, ip)
    seed.get("/sign-in/forgotten")
    turn = 0
    while True:
        turn += 1
        browser = seed.copied(f"127.{network}.{1 + turn // 250 % 250}.{1 + turn % 250}")
        browser.post("/sign-in/forgotten", {"email": f"flood-{network}-{turn}@example.com"})


def main() -> None:
    """Flood with the clients of one process."""
    port, turn = int(sys.argv[1]), int(sys.argv[2])
    first = 200 + turn * CLIENTS_OF_PROCESS
    clients = [Thread(target=_flood, args=(port, first + place)) for place in range(CLIENTS_OF_PROCESS)]
    for client in clients:
        client.start()
    print(BEGUN, flush=True)  # noqa: T201 - to the process that has started this one


if __name__ == "__main__":
    main()
