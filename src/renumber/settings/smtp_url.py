"""Where mail is handed over: `smtp://user:pass@host:587?tls=starttls`, or `smtps://` for TLS from the first byte."""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit


class Tls(StrEnum):
    """How the connection is protected."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


DEFAULT_PORTS = {Tls.STARTTLS: 587, Tls.IMPLICIT: 465, Tls.NONE: 25}


@dataclass(frozen=True, slots=True)
class MailServer:
    """One SMTP server and what it takes to speak to it."""

    host: str
    port: int
    tls: Tls
    username: str | None = None
    password: str | None = field(default=None, repr=False)


def parse_smtp_url(url: str) -> MailServer:
    """Read the setting; a ValueError says what to change, and never repeats the password."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("the mail server is written smtp://user:password@host:587?tls=starttls, or smtps://…")
    tls = _tls(parts)
    if tls is Tls.NONE and not is_loopback(parts.hostname):
        raise ValueError("tls=none is for a mail server on this machine only; use tls=starttls or smtps://")
    return MailServer(
        host=parts.hostname,
        port=parts.port or DEFAULT_PORTS[tls],
        tls=tls,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def is_loopback(host: str) -> bool:
    """Whether nothing leaves this machine on the way there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tls(parts: SplitResult) -> Tls:
    default = Tls.IMPLICIT if parts.scheme == "smtps" else Tls.STARTTLS
    asked = parse_qs(parts.query).get("tls", [default])[-1]
    try:
        return Tls(asked)
    except ValueError:
        raise ValueError("tls is one of starttls, implicit and none") from None
