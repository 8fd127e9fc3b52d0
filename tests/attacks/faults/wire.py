"""The line to the database, which a test can cut: at once, before a commit arrives, or before its answer comes back."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread

CHUNK = 65536
COMMIT = b"COMMIT\0"


class Wire:
    """A port that leads to another one for as long as it is up."""

    def __init__(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._to = port
        self._ends: list[socket.socket] = []
        self._lock = Lock()
        self._is_up = True
        self._trap = ""
        Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Nothing gets through any more."""
        with self._lock:
            self._is_up = False
            for end in self._ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
            self._ends.clear()

    def mend(self) -> None:
        """New connections get through again."""
        with self._lock:  # so that a cut under way doesn't reach them
            self._trap, self._is_up = "", True

    def cut_before_commit(self) -> None:
        """Cut when the next commit comes by: it never arrives."""
        self._trap = "before"

    def cut_after_commit(self) -> None:
        """Cut when the next commit was answered: the answer never arrives."""
        self._trap = "after"

    def close(self) -> None:
        """End."""
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                self._connect(self._listener.accept()[0])

    def _connect(self, near: socket.socket) -> None:
        if not self._is_up:
            near.close()
            return
        far = socket.create_connection(("127.0.0.1", self._to))
        self._ends += [near, far]
        Thread(target=self._carry, args=(near, far), daemon=True).start()
        Thread(target=self._carry_back, args=(far, near), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while chunk := near.recv(CHUNK):
                if COMMIT in chunk and self._trap == "before":
                    self.cut()
                    return
                if COMMIT in chunk and self._trap == "after":
                    self._trap = "answer"
                far.sendall(chunk)
            far.shutdown(socket.SHUT_WR)

    def _carry_back(self, far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while chunk := far.recv(CHUNK):
                if self._trap == "answer" and COMMIT in chunk:
                    self.cut()
                    return
                near.sendall(chunk)
            near.shutdown(socket.SHUT_WR)


@contextmanager
def running_wire(port: int) -> Iterator[Wire]:
    """Lead to a port until the block ends."""
    wire = Wire(port)
    try:
        yield wire
    finally:
        wire.close()
