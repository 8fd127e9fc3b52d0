"""What pages are shown: read without locks, in as few queries as may be."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from renumber.domain.account import Account
from renumber.domain.challenge import Challenge, CodePurpose
from renumber.domain.factor_list import FactorList
from renumber.domain.passkey import Passkey
from renumber.domain.phone_change import PhoneChange
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Prompt
from renumber.domain.session import OpenSession, Session
from renumber.domain.sign_in import SignIn


class FactorReads(Protocol):
    """What pages show of the second factors."""

    async def factor_list(self, account_id: str) -> FactorList:
        """What the account's owner can prove themselves with besides the number, in one query."""

    async def profile(
        self, account_id: str, now: datetime, *, idle_since: datetime
    ) -> tuple[FactorList, Sequence[OpenSession]]:
        """The same and the sessions that can still be used, newest first, in one query."""

    async def passkeys(self, account_id: str) -> Sequence[Passkey]:
        """The account's passkeys, removed ones left out, oldest first."""


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


class Reads(FactorReads, PushReads, Protocol):
    """What pages show: read without locks, in as few queries as may be."""

    async def visit(self, account_id: str, session_id: str) -> tuple[Session, Account, PhoneChange | None] | None:
        """A session with its account and the account's open change, in one query."""

    async def in_progress(self, account_id: str, sign_in_id: str) -> tuple[SignIn, Account, PhoneChange | None] | None:
        """A sign-in with its account and the account's open change, in one query."""

    async def challenge(self, account_id: str, purpose: CodePurpose) -> Challenge | None:
        """The code in flight for a purpose."""

    async def sessions(self, account_id: str, limit: int) -> Sequence[Session]:
        """The newest sessions, ended ones included."""

    async def touch(self, session: Session, now: datetime) -> None:
        """Remember that the session is in use."""
