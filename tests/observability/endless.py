"""An SMS gateway that takes a message and never comes to the end of its answer."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Condition, Thread


class EndlessGateway:
    """Listens on loopback; `wait` comes back when so many messages are under way."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self._news = Condition()

    @property
    def url(self) -> str:
        """As the operator sets it."""
        return f"http+json://127.0.0.1:{self._listener.getsockname()[1]}/sms"

    def run(self) -> None:
        """Begin an answer to everyone."""
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                Thread(target=trickle, args=(connection,), daemon=True).start()
                with self._news:
                    self._held.append(connection)
                    self._news.notify_all()

    def wait(self, count: int, within: float = 20.0) -> None:
        """Wait for so many connections."""
        with self._news:
            assert self._news.wait_for(lambda: len(self._held) >= count, within)

    def close(self) -> None:
        """Hang up."""
        self._listener.shutdown(socket.SHUT_RDWR)
        for connection in (self._listener, *self._held):
            connection.close()


def trickle(connection: socket.socket) -> None:
    """Send a byte of a header now and then, so that nobody can call it silence."""
    with suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            connection.sendall(b"x")
            time.sleep(0.5)


@contextmanager
def endless_gateway() -> Iterator[EndlessGateway]:
    """Run one until the block ends."""
    gateway = EndlessGateway()
    Thread(target=gateway.run, daemon=True).start()
    try:
        yield gateway
    finally:
        gateway.close()
