"""Messages that the process of their own request sends: inserted as claimed, and handed over after the commit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from renumber.domain.messages.message import Claimed, Message, Reservation


class Sender(Protocol):
    """The sender of this process."""

    def wake(self) -> None:
        """Look for due messages now, not at the next poll."""

    def reserve(self, messages: Sequence[Message], /) -> Reservation | None:
        """Claim those of the messages that are due, before they are committed; None if there is no room for them."""

    def send(self, reservation: Reservation, /) -> None:
        """Send what was reserved: it is committed."""

    def give_back(self, reservation: Reservation, /) -> None:
        """Give up the claims on what was reserved: nobody knows whether it was committed."""


class OwnMessages:
    """The messages of one commit, and the claims with which they are inserted."""

    def __init__(self, sender: Sender | None) -> None:
        self._sender = sender
        self._reservation: Reservation | None = None
        self._is_anybody_to_look = False

    def claim(self, messages: Sequence[Message]) -> dict[str, tuple[Claimed, datetime]]:
        """Claim what this process will send, by message id, with the time at which the claim lapses."""
        self._reservation = reserved = self._sender.reserve(messages) if self._sender and messages else None
        if reserved is None:
            self._is_anybody_to_look = bool(messages)
            return {}
        return {one.message.message_id: (one, reserved.until) for one in reserved.claimed}

    def hand_over(self) -> None:
        """Let the sender go to work, after the commit; it looks into the outbox only for what it has no claim on."""
        if self._sender and self._reservation:
            self._sender.send(self._reservation)
        elif self._sender and self._is_anybody_to_look:
            self._sender.wake()

    def give_back(self) -> None:
        """Give the claims up, after a fault."""
        if self._sender and self._reservation:
            self._sender.give_back(self._reservation)


@contextmanager
def own_messages(sender: Sender | None) -> Iterator[OwnMessages]:
    """Hand over what the block has committed; after an exception nobody knows whether it has."""
    own = OwnMessages(sender)
    try:
        yield own
    except BaseException:
        own.give_back()
        raise
    own.hand_over()
