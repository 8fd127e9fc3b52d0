"""The mail server: `smtp://user:pass@host:587?tls=starttls`, or `smtps://` for TLS from the first byte.

`smtp://user@host:587?oauth=/etc/renumber/mail.toml` signs in by an access token.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote

from renumber.settings.loopback import is_loopback
from renumber.settings.parsing import truth
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
    smtputf8: bool = False  # the operator says that the server has it


def smtp_url(given: str) -> SmtpUrl:
    """Parse the address of the mail server; a ValueError says what to write instead, and never repeats the password."""
    parts = split(given)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/"):
        usual = "write smtp://user:password@host:587?tls=starttls, or smtps://user:password@host"
        raise ValueError(hinted(usual, given))
    options = parse_qs(parts.query, keep_blank_values=True)
    tls, oauth, smtputf8 = _tls(parts, options), _oauth(options), _smtputf8(options)
    if options:
        raise ValueError("write tls=, oauth= or smtputf8= after the question mark, and nothing else")
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
        smtputf8=smtputf8,
    )


def _tls(parts: SplitResult, options: dict[str, list[str]]) -> Tls:
    default = Tls.IMPLICIT if parts.scheme == "smtps" else Tls.STARTTLS
    asked = options.pop("tls", [default])[-1]
    if asked not in set(Tls):
        raise ValueError("write tls=starttls, tls=implicit or tls=none after the question mark")
    return Tls(asked)


def _oauth(options: dict[str, list[str]]) -> MailOAuth | None:
    file = options.pop("oauth", [""])[-1]
    return mail_oauth(Path(file)) if file else None


def _smtputf8(options: dict[str, list[str]]) -> bool:
    try:
        return truth(options.pop("smtputf8", ["no"])[-1])
    except ValueError:
        raise ValueError("write smtputf8=yes for a server that has it, or leave it out") from None
