"""Where messages arrive, as cheap for this machine as can be: a mail server and an SMS gateway in one event loop."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from email import message_from_bytes, policy

TO = re.compile(rb"RCPT TO:<([^>]+)>", re.IGNORECASE)
LINK = re.compile(r"/phone-change/link/[\w-]+")
CODE = re.compile(r"#(\d{6})")
Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Sinks:
    """What arrived, by address."""

    def __init__(self) -> None:
        self.arrived: defaultdict[str, asyncio.Queue[str]] = defaultdict(asyncio.Queue)
        self.mail_port = self.sms_port = 0
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def until_hung_up(self, speak: Speak) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]:
        """Speak on each connection until one side hangs up."""

        async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                await speak(reader, writer)
            writer.close()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(one(reader, writer))
            self._open[task] = writer
            task.add_done_callback(self._open.pop)

        return connected

    async def hang_up(self) -> None:
        """End every connection, so that no task is left for the end of the loop to cancel."""
        for writer in self._open.values():
            writer.close()
        await asyncio.gather(*self._open)

    async def next(self, address: str, pattern: re.Pattern[str]) -> str:
        """Wait for the next message to this address that has what is looked for."""
        async with asyncio.timeout(60):
            while True:
                found = pattern.search(await self.arrived[address].get())
                if found:
                    return found[found.lastindex or 0]

    async def take_mail(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak as much SMTP as a sender needs (RFC 5321)."""
        writer.write(b"220 sink\r\n")
        recipient = ""
        while True:
            line = await reader.readuntil(b"\r\n")
            found = TO.match(line)
            recipient = found[1].decode() if found else recipient
            if line[:4].upper() == b"DATA":
                writer.write(b"354 go on\r\n")
                self._keep_mail(recipient, await reader.readuntil(b"\r\n.\r\n"))
            writer.write(b"250 OK\r\n")

    def _keep_mail(self, recipient: str, raw: bytes) -> None:
        mail = message_from_bytes(raw, policy=policy.default)
        body = mail.get_body(("plain",))
        self.arrived[recipient].put_nowait(str(body.get_content()) if body else "")

    async def take_text(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Accept what the generic gateway is posted."""
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)[1])  # type: ignore[index]
            fields = json.loads(await reader.readexactly(length))
            self.arrived[fields["to"]].put_nowait(fields["text"])
            writer.write(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")


@asynccontextmanager
async def running_sinks() -> AsyncIterator[Sinks]:
    """Listen until the block ends."""
    sinks = Sinks()
    mail = await asyncio.start_server(sinks.until_hung_up(sinks.take_mail), "127.0.0.1", 0)
    sms = await asyncio.start_server(sinks.until_hung_up(sinks.take_text), "127.0.0.1", 0)
    sinks.mail_port, sinks.sms_port = (server.sockets[0].getsockname()[1] for server in (mail, sms))
    try:
        yield sinks
    finally:
        mail.close()
        sms.close()
        await sinks.hang_up()
