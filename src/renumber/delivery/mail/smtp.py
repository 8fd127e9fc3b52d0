"""E-mail over SMTP: verified TLS, a few connections kept open, and nothing a server says is repeated."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.headerregistry import Address

from aiosmtplib import SMTP, SMTPNotSupported

from renumber.delivery.channel import Fault, RenderedMail
from renumber.delivery.mail.faults import UNREACHABLE, no_session, refused
from renumber.delivery.mail.mime import MailComposer
from renumber.delivery.mail.oauth import AccessTokens, sign_in
from renumber.settings.smtp_url import SmtpUrl, Tls

TIMEOUT, KEPT_FOR, MAILS_PER_CONNECTION, CONNECTIONS = 20.0, 30.0, 50, 4  # seconds, seconds


class Connection:
    """An open SMTP session."""

    def __init__(self, smtp: SMTP) -> None:
        self.smtp = smtp
        self.used_at = time.monotonic()
        self.mails = 0

    @property
    def is_fresh(self) -> bool:
        """Say whether the server is likely to listen still."""
        is_young = time.monotonic() - self.used_at < KEPT_FOR and self.mails < MAILS_PER_CONNECTION
        return is_young and self.smtp.is_connected


class SmtpGateway:
    """Hands mails to one server."""

    name = "smtp"

    def __init__(
        self, server: SmtpUrl, sender: Address, *, logo_png: bytes | None = None, trust: ssl.SSLContext | None = None
    ) -> None:
        self._server = server
        self._sender = sender
        self._composer = MailComposer(sender, logo_png)
        self._trust = trust or (None if server.tls is Tls.NONE else ssl.create_default_context())
        self._tokens = AccessTokens(server.oauth) if server.oauth else None
        self._idle: list[Connection] = []
        self._room = asyncio.Semaphore(CONNECTIONS)

    async def send(self, mail: RenderedMail, /) -> None:
        """Hand a mail over; a Fault is permanent only where the recipient is refused (mail/replies.py)."""
        content = self._composer.compose(mail)
        async with self._room, self._connection() as connection:
            await self._hand_over(connection.smtp, content, mail.to)

    async def greet(self) -> None:
        """Open and close a session without a mail; a Fault says if address, TLS, password or sender are wrong."""
        smtp = await self._connect()
        try:
            await smtp.mail(self._sender.addr_spec)
            if self._server.smtputf8 and not smtp.supports_extension("smtputf8"):
                raise SMTPNotSupported("SMTPUTF8")
        except UNREACHABLE as trouble:
            raise refused(trouble) from trouble
        finally:
            await _leave(smtp)

    async def close(self) -> None:
        """End every idle session."""
        while self._idle:
            await _leave(self._idle.pop().smtp)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        """Lend an idle session, or a new one; after any trouble it is closed and not lent again."""
        connection = await self._reopened() or Connection(await self._connect())
        try:
            yield connection
        except BaseException:
            connection.smtp.close()
            raise
        connection.used_at, connection.mails = time.monotonic(), connection.mails + 1
        self._idle.append(connection)

    async def _reopened(self) -> Connection | None:
        """Take an idle session that still answers; servers end idle ones without notice."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_fresh and await _answers(connection.smtp):
                return connection
            connection.smtp.close()
        return None

    async def _connect(self) -> SMTP:
        """Open a session; STARTTLS is required, so that nobody gets a mail by stripping its offer (ASVS 12.3.1)."""
        server = self._server
        smtp = SMTP(
            hostname=server.host,
            port=server.port,
            username=None if server.oauth else server.username,
            password=server.password,
            local_hostname=self._sender.domain,
            timeout=TIMEOUT,
            use_tls=server.tls is Tls.IMPLICIT,
            start_tls=server.tls is Tls.STARTTLS,
            tls_context=self._trust,
        )
        try:
            await smtp.connect()
            if self._tokens:
                await sign_in(smtp, server.username or "", self._tokens)
        except UNREACHABLE as trouble:
            smtp.close()
            raise no_session(trouble) from trouble
        except Fault:
            smtp.close()
            raise
        return smtp

    async def _hand_over(self, smtp: SMTP, content: bytes, to: str) -> None:
        sender = self._sender.addr_spec
        options = [] if (sender + to).isascii() else ["SMTPUTF8"]  # RFC 6531: a server that can't take it says so
        try:
            await smtp.sendmail(sender, [to], content, mail_options=options)
        except UNREACHABLE as trouble:
            raise refused(trouble) from trouble


async def _answers(smtp: SMTP) -> bool:
    try:
        await smtp.noop(timeout=5)
    except UNREACHABLE:
        return False
    return True


async def _leave(smtp: SMTP) -> None:
    try:
        await smtp.quit(timeout=2)
    except UNREACHABLE:
        smtp.close()
