"""A mail server and an SMS gateway that really listen, on loopback."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from pathlib import Path
from urllib.parse import parse_qs

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

AUTHORITY = "Example Authority"


@dataclass
class Certificates:
    """A server's certificate and the authority that signed it."""

    chain: Path
    key: Path
    authority: Path

    def for_server(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain, self.key)
        return context

    def for_client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))


def issue(folder: Path, host: str) -> Certificates:
    """Make an authority, and have it vouch for a host."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate(
        "Example Authority", "Example Authority", authority_key.public_key(), authority_key, ca=True
    )
    server = _certificate(host, "Example Authority", key.public_key(), authority_key, ca=False)
    files = Certificates(folder / "chain.pem", folder / "key.pem", folder / "authority.pem")
    pem, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    files.chain.write_bytes(server.public_bytes(pem))
    files.key.write_bytes(key.private_bytes(pem, private, serialization.NoEncryption()))
    files.authority.write_bytes(authority.public_bytes(pem))
    return files


def _certificate(
    host: str, issuer: str, public: ec.EllipticCurvePublicKey, signer: ec.EllipticCurvePrivateKey, *, ca: bool
) -> x509.Certificate:
    now = datetime.now(UTC)  # noqa: TID251 - a certificate is checked against the machine's clock
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if not ca:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return builder.sign(signer, hashes.SHA256())


@dataclass
class Received:
    """One mail as the server got it."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=POLICY)
        assert isinstance(parsed, EmailMessage)
        return parsed

    def part(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        assert body is not None
        return str(body.get_content())


@dataclass
class Mailbox:
    """What arrives at a server, and what it says to each envelope."""

    port: int = 0
    mails: list[Received] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    open: list[asyncio.BaseTransport] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if refusal := self.answers.get("MAIL"):
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if refusal := self.answers.get("RCPT"):
            return refusal.format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if refusal := self.answers.get("DATA"):
            return refusal
        assert isinstance(envelope.content, bytes)
        self.mails.append(Received(envelope.mail_from or "", list(envelope.rcpt_tos), envelope.content))
        return "250 OK"

    def sign_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: object
    ) -> AuthResult:
        assert isinstance(login, LoginPassword)
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == b"right", handled=False)


@asynccontextmanager
async def running_mail_server(
    certificates: Certificates | None = None,
    *,
    implicit_tls: bool = False,
    demands_login: bool = False,
    takes_utf8: bool = False,
    mailbox: Mailbox | None = None,
) -> AsyncIterator[Mailbox]:
    """Listen for mail."""
    mailbox = mailbox or Mailbox()
    tls = certificates.for_server() if certificates else None

    def connected() -> SMTP:
        mailbox.connections += 1
        protocol = SMTP(
            mailbox,
            hostname="localhost",
            enable_SMTPUTF8=takes_utf8,
            tls_context=None if implicit_tls else tls,
            require_starttls=tls is not None and not implicit_tls,
            authenticator=mailbox.sign_in if demands_login else None,
            auth_required=demands_login and tls is not None,
            auth_require_tls=tls is not None and not implicit_tls,
        )
        made = protocol.connection_made

        def connection_made(transport: asyncio.BaseTransport) -> None:
            mailbox.open.append(transport)
            made(transport)

        protocol.connection_made = connection_made  # type: ignore[method-assign]  # to hang up on it later
        return protocol

    server = await asyncio.get_running_loop().create_server(
        connected, "127.0.0.1", 0, ssl=tls if implicit_tls else None
    )
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        for transport in mailbox.open:
            transport.close()
        server.close()
        await asyncio.sleep(0.01)


@dataclass
class Request:
    """One HTTP request as the gateway got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, str]:
        return dict(json.loads(self.body))

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class SmsServer:
    """What arrives at a gateway, and what it answers: a status, headers and a body, just these bytes, or nothing."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    status: str = "202 Accepted"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = "{}"
    raw: bytes = b""
    is_silent: bool = False
    is_late: bool = False
    connections: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while not reader.at_eof():
                self.requests.append(await _read(reader))
                if self.is_late:
                    await asyncio.sleep(0.5)
                if self.is_silent:
                    break
                writer.write(self._response())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _response(self) -> bytes:
        if self.raw:
            return self.raw
        headers = {"Content-Length": str(len(self.body.encode())), **self.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {self.status}\r\n{lines}\r\n{self.body}".encode()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, body)


@asynccontextmanager
async def running_sms_server() -> AsyncIterator[SmsServer]:
    """Listen for text messages."""
    sms = SmsServer()
    server = await asyncio.start_server(sms.answer, "127.0.0.1", 0)
    sms.port = server.sockets[0].getsockname()[1]
    try:
        yield sms
    finally:
        server.close()
