"""The SMS providers: `https+json://host/path` for the generic gateway, `twilio://SID:TOKEN@sender`."""

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, unquote

from renumber.settings.loopback import is_loopback
from renumber.settings.urls import hinted, masked_url, split

TWILIO_API = "https://api.twilio.com"
_BETWEEN_URLS = re.compile(r",(?=\s*[a-z][a-z0-9+.-]*://)")


@dataclass(frozen=True, slots=True, kw_only=True)
class GenericSmsUrl:
    """A gateway that takes JSON by POST, and the user and password that it asks for, if any."""

    endpoint: SplitResult = field(repr=False)  # its query may hold a key
    auth: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioUrl:
    """An account at Twilio, and the number, name or messaging service (MG…) that it sends from."""

    endpoint: SplitResult
    sid: str
    token: str = field(repr=False)
    sender: str


SmsUrl = GenericSmsUrl | TwilioUrl


def sms_urls(given: str) -> tuple[SmsUrl, ...]:
    """Parse the SMS providers in the order of failover; a ValueError says what to write, and never repeats a token."""
    return tuple(map(_sms_url, _several(given)))


def masked_sms_urls(given: str) -> str:
    """Show the SMS providers without what may be secret."""
    return ", ".join(map(masked_url, _several(given)))


def _several(given: str) -> list[str]:
    """Divide addresses at the commas between them; an address may hold commas of its own."""
    return [part.strip() for part in _BETWEEN_URLS.split(given) if part.strip()]


def _sms_url(given: str) -> SmsUrl:
    parts = split(given)
    if parts.scheme == "twilio":
        return _twilio(parts)
    if parts.scheme not in {"https+json", "http+json"} or not parts.hostname:
        usual = "write https+json://host/path or twilio://SID:TOKEN@sender; several are divided by commas"
        raise ValueError(hinted(usual, given))
    if parts.scheme == "http+json" and not is_loopback(parts.hostname):
        raise ValueError("http+json:// is for a gateway on this machine only; write https+json://")
    host = parts.netloc.rpartition("@")[2]
    return GenericSmsUrl(
        endpoint=parts._replace(scheme=parts.scheme.removesuffix("+json"), netloc=host, fragment=""),
        auth=(unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
    )


def _twilio(parts: SplitResult) -> TwilioUrl:
    """Parse `twilio://SID:TOKEN@+491511234567`; `?api=` names another region of Twilio's."""
    sender = unquote(parts.netloc.rpartition("@")[2])
    if not (parts.username and parts.password and sender):
        raise ValueError("write twilio://SID:TOKEN@sender, the sender being a number, a name or MG…")
    api = split(parse_qs(parts.query).get("api", [TWILIO_API])[-1].rstrip("/"))
    if not api.hostname or (api.scheme != "https" and not is_loopback(api.hostname)):
        raise ValueError("what ?api= names has to be an https:// address")
    return TwilioUrl(endpoint=api, sid=unquote(parts.username), token=unquote(parts.password), sender=sender)
