"""A link in a mail or an SMS: derived, never stored, and good for one thing."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from renumber.domain.messages.message import Channel, Derived, Notice


class LinkPurpose(StrEnum):
    """The page that a link leads to."""

    PHONE_CHANGE = "phone_change"
    STOP = "stop"
    DEVICE = "device"
    MAILBOX = "mailbox"
    PASSWORD = "password"  # noqa: S105 - the name of a purpose
    RELEASE = "release"
    JOURNEY = "journey"
    RECOVERY = "recovery"
    RECOVERY_REQUEST = "recovery_request"
    CALLER = "caller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of one account. `subject` is the change or the journey it belongs to, or empty for a notice of its own.

    `channel` and `address_key` say to whom it was sent, as far as that was kept: it ends with that channel. Its page
    speaks of the `notice` that it stands in.
    """

    account_id: str
    link_id: str
    purpose: LinkPurpose
    subject: str
    key_id: str
    token_key: bytes = field(repr=False)
    generation: int
    expires_at: datetime
    used_at: datetime | None = None
    channel: Channel | None = None
    address_key: bytes | None = field(default=None, repr=False)
    notice: Notice | None = None
    version: int = 0

    def use(self, now: datetime) -> "Link":
        """Mark the link as used, so that it works once."""
        return replace(self, used_at=now)

    def end(self, now: datetime) -> "Link":
        """Let the link expire before its time, because somebody else knows it."""
        return replace(self, expires_at=min(now, self.expires_at))

    def went_to(self, address_keys: Collection[bytes]) -> bool:
        """True if it was sent to one of these addresses; of an older link nobody knows where it went."""
        return self.address_key is None or self.address_key in address_keys


def derivation(purpose: LinkPurpose, account_id: str, link_id: str, *, key_id: str) -> Derived:
    """The binding from which the key ring derives the token of a link."""
    return Derived("\x1f".join(("link", purpose, account_id, link_id)), key_id)
