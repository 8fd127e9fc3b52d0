"""What a log line may hold: an allow-list of fields, each with its shape. Whatever doesn't fit is left out.

Numbers, addresses, codes and tokens have no field, and don't fit the shape of any other.
"""

import re
from collections.abc import Callable, MutableMapping
from typing import Any

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

_MOST_DIGITS = 9  # in a sentence, beside the address of a server on this machine: less than a phone number has
_FAR_ADDRESS = re.compile(r"\b(?!127\.)\d+\.\d+\.\d+\.\d+")
_LONG_DIGITS = re.compile(r"\d{6}")
_DIGITS_AND_LETTERS = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{12}")


def _text(pattern: str) -> Fits:
    whole = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and whole.fullmatch(value) is not None


def _each(fits: Fits, most: int) -> Fits:
    return lambda value: isinstance(value, list | tuple) and len(value) <= most and all(map(fits, value))


def _number(below: int) -> Fits:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < below


def _is_reason(value: object) -> bool:
    """A sentence of ours, such as "the mail server refused: 451"; nothing in it can be a number, a code or a token."""
    if not isinstance(value, str) or not _PLAIN(value):
        return False
    few = sum(character.isdigit() for character in value.replace("127.0.0.1", "")) <= _MOST_DIGITS
    return (
        few
        and not _FAR_ADDRESS.search(value)
        and not _LONG_DIGITS.search(value)
        and not _DIGITS_AND_LETTERS.search(value)
    )


_PLAIN = _text(r"[A-Za-z0-9 ,.:;()\[\]'_-]{1,200}")
_WORD = _text(r"[a-z][a-z0-9_]{0,63}")
_ID = _text(r"[0-9a-f]{32}")
_CLASS = _text(r"[A-Za-z_][A-Za-z_.]{0,99}")
_PLACE = _text(r"[\w./<>-]{1,120}:\d{1,6}(:[\w.<>-]{1,120})?")

FIELDS: dict[str, Fits] = {
    "timestamp": _text(r"[0-9T:.Z-]{20,32}"),
    "level": _WORD,
    "event": _WORD,
    # a request
    "request_id": _text(r"[0-9a-f]{12}"),
    "method": _text(r"[A-Z]{1,10}"),
    "route": _text(r"/?[a-z./_-]*(\{[a-z_:]+\}[a-z./_-]*)*"),
    "status": _number(600),
    "elapsed_ms": _number(10_000_000),
    "statements": _number(100_000),
    "commits": _number(100_000),
    "account_id": _ID,
    "acts": _each(_WORD, 32),
    "refusal": _WORD,
    # a message that leaves
    "message_id": _ID,
    "channel": _WORD,
    "notice": _WORD,
    "attempt": _number(1000),
    "result": _WORD,
    "reason": _is_reason,
    # trouble
    "fault": _CLASS,
    "error": _CLASS,
    "at": _PLACE,
    "frames": _each(_PLACE, 40),
    # what a library says
    "logger": _text(r"[A-Za-z_]\w{0,19}(\.\w{1,20}){0,4}"),
    "text": lambda value: isinstance(value, str) and KNOWN_TEXTS.fullmatch(value) is not None,
}


def keep_allowed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out every field that is not on the list or doesn't fit, and say how many those were."""
    kept = {name: event[name] for name, fits in FIELDS.items() if name in event and fits(event[name])}
    if len(kept) < len(event):
        kept["left_out"] = len(event) - len(kept)
    return kept
