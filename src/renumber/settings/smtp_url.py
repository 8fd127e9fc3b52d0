"""The mail server: `smtp://user:pass@host:587?tls=starttls`, or `smtps://` for TLS from the first byte.

`smtp://user@host:587?oauth=/etc/renumber/mail.toml` signs in by an access token.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote

from renumber.settings.loopback import is_loopback
from renumber.settings.smtp_oauth import MailOAuth, mail_oauth
from renumber.settings.urls import hinted, split


class Tls(StrEnum):
    """The protection of the connection."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


DEFAULT_PORTS = {Tls.STARTTLS: 587, Tls.IMPLICIT: 465, Tls.NONE: 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpUrl:
    """One mail server and the credentials for it; with a user there is a password, or what access tokens come from."""

    host: str
    port: int
    tls: Tls
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    oauth: MailOAuth | None = None


def smtp_url(given: str) -> SmtpUrl:
    """Parse the address of the mail server; a ValueError says what to write instead, and never repeats the password."""
    parts = split(given)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/"):
        usual = "write smtp://user:password@host:587?tls=starttls, or smtps://user:password@host"
        raise ValueError(hinted(usual, given))
    tls, oauth = _options(parts)
    if oauth and (parts.password or not parts.username):
        raise ValueError("with oauth= write the user alone: smtp://user@host:587?oauth=/path/to/file")
    if not oauth and bool(parts.username) is not bool(parts.password):
        raise ValueError("write user and password, or neither of them")
    if tls is Tls.NONE and not is_loopback(parts.hostname):
        raise ValueError("tls=none is for a server on this machine only; write tls=starttls or tls=implicit")
    return SmtpUrl(
        host=parts.hostname,
        port=parts.port or DEFAULT_PORTS[tls],
        tls=tls,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        oauth=oauth,
    )


def _options(parts: SplitResult) -> tuple[Tls, MailOAuth | None]:
    options = parse_qs(parts.query, keep_blank_values=True)
    default = Tls.IMPLICIT if parts.scheme == "smtps" else Tls.STARTTLS
    asked, oauth = options.pop("tls", [default])[-1], options.pop("oauth", [""])[-1]
    if asked not in set(Tls) or options:
        raise ValueError("write tls=starttls, tls=implicit or tls=none after the question mark, or oauth= and a file")
    return Tls(asked), mail_oauth(Path(oauth)) if oauth else None
