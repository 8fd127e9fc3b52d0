"""E-mail over SMTP: verified TLS, a few connections kept open, and nothing a server says is repeated."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.headerregistry import Address

from aiosmtplib import SMTP, SMTPNotSupported

from renumber.delivery.channel import Fault, RenderedMail
from renumber.delivery.mail.faults import UNREACHABLE, no_session, refused
from renumber.delivery.mail.mime import MailComposer
from renumber.delivery.mail.oauth import AccessTokens, sign_in
from renumber.settings.smtp_url import SmtpUrl, Tls

TIMEOUT, KEPT_FOR, MAILS_PER_CONNECTION, CONNECTIONS = 20.0, 30.0, 50, 4  # seconds, seconds
ANSWERS_WITHIN = 5.0  # seconds, in a session that was idle


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail on its way."""

    sender: str
    to: str
    content: bytes

    @property
    def is_ascii(self) -> bool:
        """Say whether any server can take the addresses; otherwise it takes RFC 6531, and a server without says so."""
        return (self.sender + self.to).isascii()

    @property
    def options(self) -> list[str]:
        """The options of `MAIL` for the addresses."""
        return [] if self.is_ascii else ["SMTPUTF8"]

    @property
    def encoding(self) -> str:
        """The encoding of the addresses."""
        return "ascii" if self.is_ascii else "utf-8"


class Connection:
    """An open SMTP session."""

    def __init__(self, smtp: SMTP) -> None:
        self.smtp = smtp
        self.used_at = time.monotonic()
        self.mails = 0
        self.has_begun = False  # it has taken a sender, and waits for the recipient

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
        envelope = Envelope(self._sender.addr_spec, mail.to, content)
        async with self._room, self._connection(envelope) as connection:
            await _hand_over(connection.smtp, envelope)

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
    async def _connection(self, envelope: Envelope) -> AsyncIterator[Connection]:
        """Lend an idle session that has taken the sender, or a new one; after any trouble it is not lent again."""
        connection = await self._reopened(envelope) or Connection(await self._connect())
        try:
            if not connection.has_begun:
                await _begin(connection.smtp, envelope)
            yield connection
        except BaseException:
            connection.smtp.close()
            raise
        connection.used_at, connection.mails, connection.has_begun = time.monotonic(), connection.mails + 1, False
        self._idle.append(connection)

    async def _reopened(self, envelope: Envelope) -> Connection | None:
        """Begin a mail in an idle session; servers end those without notice, so what one refuses a new one is asked."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_fresh and await _begins(connection.smtp, envelope):
                connection.has_begun = True
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


async def _begins(smtp: SMTP, envelope: Envelope) -> bool:
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            await _begin(smtp, envelope)
    except (Fault, TimeoutError):
        return False
    return True


async def _begin(smtp: SMTP, envelope: Envelope) -> None:
    try:
        if smtp.is_ehlo_or_helo_needed:
            await smtp.ehlo()
        if not envelope.is_ascii and not smtp.supports_extension("smtputf8"):
            raise SMTPNotSupported("SMTPUTF8")
        size = [f"SIZE={len(envelope.content)}"] if smtp.supports_extension("size") else []  # RFC 1870
        await smtp.mail(envelope.sender, options=[*size, *envelope.options], encoding=envelope.encoding)
    except UNREACHABLE as trouble:
        raise refused(trouble) from trouble


async def _hand_over(smtp: SMTP, envelope: Envelope) -> None:
    try:
        await smtp.rcpt(envelope.to, encoding=envelope.encoding)
        await smtp.data(envelope.content)
    except UNREACHABLE as trouble:
        raise refused(trouble) from trouble


async def _leave(smtp: SMTP) -> None:
    try:
        await smtp.quit(timeout=2)
    except UNREACHABLE:
        smtp.close()
