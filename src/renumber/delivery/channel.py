"""A channel: the rendered messages that a gateway accepts, and the faults that it raises."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedMail:
    """An e-mail, ready to be sent."""

    message_id: str
    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    locale: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RenderedSms:
    """A text message, ready to be sent."""

    message_id: str
    to: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPush:
    """A message that wakes one device: it says that there is a prompt, and nothing else."""

    message_id: str
    account_id: str
    device_id: str
    prompt_id: str
    expires_at: datetime


Rendered = RenderedMail | RenderedSms | RenderedPush
Taken = TypeVar("Taken", contravariant=True)


class Fault(Exception):
    """A gateway did not accept a message; the reason is worded here, since servers quote addresses in theirs.

    One that `needs_operator` passes only once the operator has mended something: it is told at once, and tried on.
    """

    def __init__(
        self, *, permanent: bool, reason: str, retry_after: timedelta | None = None, needs_operator: bool = False
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.needs_operator = needs_operator
        self.reason = reason
        self.retry_after = retry_after


def kind_and_place(trouble: Exception) -> Mapping[str, str]:
    """Describe an exception by kind and place, never by its text, which quotes addresses, numbers and statements."""
    frames = traceback.extract_tb(trouble.__traceback__)
    at = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
    return {"error": type(trouble).__name__, "at": at}


class Moot(Fault):
    """The recipient is gone: no fault of the gateway, and nothing for an operator to look into."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(permanent=True, reason=reason)


class Gateway(Protocol[Taken]):
    """One server that accepts messages of one channel."""

    @property
    def name(self) -> str:
        """The name in metrics and in the outbox, without any secret."""

    async def send(self, rendered: Taken, /) -> None:
        """Hand a message over, or raise a Fault."""

    async def close(self) -> None:
        """Close the connections to the server."""
