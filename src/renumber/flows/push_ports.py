"""What the push flows ask of the other rooms."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from renumber.domain.push import Device, Prompt


class Signatures(Protocol):
    """Checks what a device signed; a key or signature of any other shape is a no."""

    def is_key(self, public_key: bytes) -> bool:
        """Whether this is an uncompressed point of P-256."""

    def verify(self, public_key: bytes, signature: bytes, text: str) -> bool:
        """Whether the holder of the key signed the text."""


class PushReads(Protocol):
    """What devices and pages are shown, without locks."""

    async def device(self, account_id: str, device_id: str) -> Device | None:
        """One device, removed ones included."""

    async def devices(self, account_id: str) -> Sequence[Device]:
        """The devices that can answer, oldest first."""

    async def pending_prompts(self, account_id: str, bound_at: datetime, now: datetime) -> Sequence[Prompt]:
        """What a device bound then is asked now; nothing, if it was there when one of the account's was lost."""

    async def prompt_of(self, account_id: str, sign_in_id: str) -> Prompt | None:
        """The newest prompt of a sign-in."""

    async def is_pending(self, account_id: str, prompt_id: str, now: datetime) -> bool:
        """Whether a prompt still waits for its answer; cheap, for it is asked again and again."""
