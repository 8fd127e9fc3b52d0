"""Streams of security events (OpenID Shared Signals Framework 1.0): whose they are, what goes along, and where to."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from renumber.policies.events.signals import SUPPORTED, SignalType

MOST_OF_A_RECEIVER = 8  # streams
MOST_IN_A_POLL = 50  # tokens; as many can be acknowledged by one body
VERIFY_EVERY = timedelta(minutes=1)
LONGEST_URL, LONGEST_TEXT = 2000, 200  # characters
ALGORITHM = "RS256"  # as the interoperability profile of CAEP asks for
TYP = "secevent+jwt"
_URL = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?([/?][!-~]*)?", re.ASCII)
_HEADER = re.compile(r"[!-~]([ -~]{0,998}[!-~])?", re.ASCII)


class StreamStatus(StrEnum):
    """The status of a stream: while paused its events are kept, while disabled they are not."""

    ENABLED = "enabled"
    PAUSED = "paused"
    DISABLED = "disabled"


class Method(StrEnum):
    """The way to the receiver: pushed to an address of theirs (RFC 8935), or polled from one of ours (RFC 8936)."""

    PUSH = "urn:ietf:rfc:8935"
    POLL = "urn:ietf:rfc:8936"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One stream, of the API key that made it; `requested` is None for all types.

    `failing_since` is when its receiver first failed to take something since it last took all, and `failure` is why it
    did the last time.
    """

    stream_id: str
    owner: str
    audience: str
    created_at: datetime
    method: Method = Method.POLL
    endpoint_url: str = field(default="", repr=False)
    authorization_header: str = field(default="", repr=False)
    requested: tuple[str, ...] | None = None
    description: str = ""
    status: StreamStatus = StreamStatus.ENABLED
    reason: str = ""
    failing_since: datetime | None = None
    failure: str = ""
    version: int = 0

    @property
    def delivered(self) -> tuple[SignalType, ...]:
        """The types that go along it: what was asked for, as far as there is such a type."""
        return SUPPORTED if self.requested is None else tuple(one for one in SUPPORTED if one in self.requested)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The settings that a receiver asks for; None leaves one as it is."""

    method: str | None = None
    endpoint_url: str = field(default="", repr=False)
    authorization_header: str | None = field(default=None, repr=False)
    requested: tuple[str, ...] | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class NotValid:
    """A sentence that says what is wrong with a request."""

    detail: str


def configured(stream: Stream, wanted: Wanted, *, poll_url: str, allow_private: bool) -> Stream | NotValid:
    """Give the stream the settings that its receiver asks for; delivery is taken as a whole (SSF 1.0 8.1.1).

    Its header alone may be missing, as it is in what a receiver reads: it stays with the address that it was given for.
    """
    if wanted.method is not None:
        trouble = _trouble(wanted, poll_url=poll_url, allow_private=allow_private)
        if trouble:
            return NotValid(trouble)
        is_push = wanted.method == Method.PUSH
        stream = replace(
            stream,
            method=Method(wanted.method),
            endpoint_url=wanted.endpoint_url if is_push else "",
            authorization_header=_header(stream, wanted) if is_push else "",
        )
    kept = stream.requested if wanted.requested is None else tuple(one for one in SUPPORTED if one in wanted.requested)
    description = stream.description if wanted.description is None else wanted.description[:LONGEST_TEXT]
    return replace(stream, requested=kept, description=description)


def _header(stream: Stream, wanted: Wanted) -> str:
    """Choose the header of pushes: none goes to an address that it was not given for."""
    kept = stream.authorization_header if wanted.endpoint_url == stream.endpoint_url else ""
    return kept if wanted.authorization_header is None else wanted.authorization_header


def _trouble(wanted: Wanted, *, poll_url: str, allow_private: bool) -> str:
    if wanted.method not in set(Method):
        return f"method: write one of {', '.join(Method)}"
    if wanted.method == Method.POLL:
        return "" if wanted.endpoint_url in ("", poll_url) else f"endpoint_url: it is {poll_url}"
    if wanted.authorization_header and not _HEADER.fullmatch(wanted.authorization_header):
        return "authorization_header: write one line of ASCII"
    problem = _address_problem(wanted.endpoint_url, allow_private=allow_private)
    return f"endpoint_url: {problem}" if problem else ""


def _address_problem(url: str, *, allow_private: bool) -> str:
    """Check how an address is written; where it leads is judged at each push."""
    if len(url) > LONGEST_URL or not _URL.fullmatch(url) or "#" in url or not _has_port(url):
        return f"write a whole address of at most {LONGEST_URL} characters, without user and fragment"
    return "" if url.startswith("https://") or allow_private else "use https://"


def _has_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedStream:
    """A stream that one sender pushes along until its claim lapses; `attempts` have failed in a row before."""

    stream: Stream
    claim: str
    attempts: int
