"""A mail server of a few lines, on this machine only, that keeps what it is given.

A library for it would be installed with every service that runs for real, to be used here alone.
"""

import asyncio
import contextlib
from collections.abc import Callable

MOST = 2 * 1024 * 1024  # bytes of one mail
LINE = 4096
Receive = Callable[[str, bytes], None]


class MailServer:
    """Accepts every mail (RFC 5321), and hands each to `receive` with the address in its envelope."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._server: asyncio.Server | None = None

    async def start(self, host: str) -> int:
        """Listen on a free port, and give its number."""
        self._server = await asyncio.start_server(self._accept, host, 0, limit=LINE)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Stop listening; open connections end by themselves."""
        if self._server:
            self._server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError):
            await _SmtpSession(reader, writer, self._receive).run()
        writer.close()


class _SmtpSession:
    """One SMTP session."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receive: Receive) -> None:
        self._reader, self._writer, self._receive = reader, writer, receive
        self._recipients: list[str] = []

    async def run(self) -> None:
        await self._answer("220 demo ESMTP")
        verb = ""
        while verb != "QUIT" and (line := await self._reader.readline()):
            verb, _, rest = line.decode().strip().partition(" ")
            verb = verb.upper()
            await self._obey(verb, rest)

    async def _obey(self, verb: str, rest: str) -> None:
        if verb == "EHLO":
            await self._answer("250-demo", "250-8BITMIME", "250-SMTPUTF8", f"250 SIZE {MOST}")
        elif verb == "RCPT":
            self._recipients.append(rest.partition("<")[2].partition(">")[0])
            await self._answer("250 OK")
        elif verb == "DATA":
            await self._take()
        elif verb == "QUIT":
            await self._answer("221 Bye")
        elif verb in {"HELO", "MAIL", "RSET", "NOOP"}:
            self._recipients.clear()
            await self._answer("250 OK")
        else:
            await self._answer("502 Not here")

    async def _take(self) -> None:
        await self._answer("354 Go on")
        content = await self._content()
        for recipient in self._recipients:
            self._receive(recipient, content)
        self._recipients.clear()
        await self._answer("250 Kept")

    async def _content(self) -> bytes:
        """Read to the line with a lone dot, and take the added dots away (RFC 5321 4.5.2)."""
        lines: list[bytes] = []
        size = 0
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            size += len(line)
            if size > MOST:
                raise ValueError("the service writes no mail that long")
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    async def _answer(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self._writer.drain()
