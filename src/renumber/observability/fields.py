"""The allow-list of fields in a log line, each with its shape; a value that doesn't fit is left out.

Numbers, addresses, codes and tokens have no field, and don't fit the shape of any other.
"""

import re
from collections.abc import Callable, MutableMapping
from typing import Any

from renumber.domain.facts import Fact
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.outcomes import Refusal
from renumber.policies.events.types import EventType

# What servers say of themselves, known to quote nothing of a request. Of any other text only its place is logged.
KNOWN_TEXTS = re.compile(
    r"Starting granian \(main PID: \d+\)|Listening at: http://[\w.:\[\]-]+|Spawning worker-\d+ with PID: \d+"
    r"|(Started|Stopping|Stopped|Respawning|Killing) (old )?worker-\d+( after it refused to gracefully stop)?"
    r"|Configured number of workers appears to be higher than the amount of CPU cores available\. Mind that such value "
    r"might actually decrease the overall throughput of the server\. Consider using \d{1,4} workers and tune threads "
    r"configuration instead"
    r"|Unexpected exit from worker-\d+|Worker crash loop detected, exiting|ASGI lifespan startup failed"
    r"|Shutting down granian|Granian shutdown completed, see ya!"
    r"|(Started|Finished) server process \[\d+\]|Uvicorn running on http://[\w.:\[\]-]+ \(Press CTRL\+C to quit\)"
    r"|Application (startup|shutdown) complete\.|Waiting for (application|connections|background tasks)[\w ().+]*"
)
Fits = Callable[[object], bool]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# In a sentence of ours: this machine, and what a gateway has answered.
_HARMLESS = re.compile(r"(?<!\d)127\.0\.0\.1(?!\d)|answered \d{3}( \(\d{5}\))?(?!\d)")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:")
_SIX_DIGITS = re.compile(r"\d([^A-Za-z]*\d){5}")  # a code or a number, however it is spaced
_DIGITS_AND_LETTERS = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{12}")


def _text(pattern: str) -> Fits:
    whole = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and whole.fullmatch(value) is not None


def _each(fits: Fits, most: int) -> Fits:
    return lambda value: isinstance(value, list | tuple) and len(value) <= most and all(map(fits, value))


def _number(below: int) -> Fits:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < below


def _one_of(*values: str) -> Fits:
    return lambda value: isinstance(value, str) and value in values


def _is_reason(value: object) -> bool:
    """Accept a sentence such as "the mail server refused: 451", in which nothing can be a number, code or token."""
    if not isinstance(value, str) or not _PLAIN(value):
        return False
    rest = _HARMLESS.sub("", value)
    return not any(shape.search(rest) for shape in (_ADDRESS, _SIX_DIGITS, _DIGITS_AND_LETTERS))


_PLAIN = _text(r"[A-Za-z0-9 ,.:;()\[\]'_-]{1,400}")
_WORD = _text(r"[a-z][a-z_]{0,63}")
_ID = _text(r"[0-9a-f]{32}")
_CLASS = _text(r"[A-Za-z_][A-Za-z_.]{0,99}")
_PLACE = _text(r"([A-Za-z_<][\w.<>-]{0,79}/)?[A-Za-z_<][\w.<>-]{0,79}:\d{1,5}(:[A-Za-z_<][\w.<>-]{0,119})?")

FIELDS: dict[str, Fits] = {
    "timestamp": _text(r"[0-9T:.Z-]{20,32}"),
    "level": _WORD,
    "event": _WORD,
    # a request
    "request_id": _text(r"[0-9a-f]{12}"),
    "method": _one_of(*METHODS, "OTHER"),
    "route": _text(r"/?[a-z./_-]*(\{[a-z_:]+\}[a-z./_-]*)*"),
    "status": _number(600),
    "elapsed_ms": _number(10_000_000),
    "statements": _number(100_000),
    "commits": _number(100_000),
    "account_id": _ID,
    "acts": _each(_one_of(*Fact, *Refusal), 32),
    "refusal": _one_of(*Fact, *Refusal),
    # a message that leaves
    "message_id": _ID,
    "channel": _one_of(*Channel),
    "notice": _one_of(*Notice),
    "attempt": _number(1000),
    "result": _WORD,
    "reason": _is_reason,
    # an event that others hear of
    "event_id": _ID,
    "event_type": _one_of(*EventType),
    "webhook": _is_reason,
    "stream": _ID,
    # the history
    "anchor": _text(r"renumber-audit(/\d{1,18}){4}/[0-9a-f]{64}"),
    # trouble
    "fault": _CLASS,
    "error": _CLASS,
    "at": _PLACE,
    "frames": _each(_PLACE, 40),
    # what a library says
    "logger": _text(r"[A-Za-z_]{1,20}\d{0,2}(\.[A-Za-z_]{1,20}\d{0,2}){0,4}"),
    "text": lambda value: isinstance(value, str) and KNOWN_TEXTS.fullmatch(value) is not None,
}


def keep_allowed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out every field that is not on the list or doesn't fit, and count those."""
    said = {name: value for name, value in event.items() if value is not None}
    kept = {name: said[name] for name, fits in FIELDS.items() if name in said and fits(said[name])}
    if len(kept) < len(said):
        kept["left_out"] = len(said) - len(kept)
    return kept
