"""A browser as small as can be: one kept connection, cookies by hand, the form's token from the page."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

CSRF = re.compile(rb'name="csrf" value="(\w+)"')
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *([^=]+)=([^;\r]*)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)


@dataclass
class Browser:
    """Counts how long each request takes."""

    port: int
    ip: str
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    seconds: list[float] = field(default_factory=list)
    location: str = ""

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()

    async def get(self, path: str) -> None:
        """Open a page."""
        status = await self._send("GET", path, b"")
        assert status == 200, f"GET {path.rpartition('/')[0]}: {status} {self.location}"

    async def post(self, path: str, **form: str) -> None:
        """Press a button."""
        status = await self._send("POST", path, urlencode({"csrf": self.csrf, **form}).encode())
        assert status == 303, f"POST {path.rpartition('/')[0]}: {status}"

    async def _send(self, method: str, path: str, body: bytes) -> int:
        started = time.perf_counter()
        self._writer.write(self._head(method, path, body) + body)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        content = await self._reader.readexactly(int(length[1])) if length else b""
        self.seconds.append(time.perf_counter() - started)
        self._remember(head, content)
        return int(head[9:12])

    def _head(self, method: str, path: str, body: bytes) -> bytes:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"X-Forwarded-For: {self.ip}",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Accept-Language: de",
            f"Cookie: {'; '.join(f'{name}={value}' for name, value in self.cookies.items())}",
        ]
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode()

    def _remember(self, head: bytes, content: bytes) -> None:
        for name, value in COOKIE.findall(head):
            self.cookies[name.decode()] = value.decode()
        self.cookies = {name: value for name, value in self.cookies.items() if value}
        found, onward = CSRF.search(content), LOCATION.search(head)
        self.csrf = found[1].decode() if found else self.csrf
        self.location = onward[1].decode() if onward else ""
