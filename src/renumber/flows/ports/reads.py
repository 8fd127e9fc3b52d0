"""Reading for pages and devices, without locks and in as few queries as may be: one protocol for each need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from renumber.domain.account import Account
from renumber.domain.challenge import Challenge
from renumber.domain.factor_list import FactorList
from renumber.domain.messages.message import Delivery, Notice
from renumber.domain.passkey import Passkey
from renumber.domain.phone_change import ChangeState, PhoneChange
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Prompt
from renumber.domain.session import OpenSession, Session
from renumber.domain.sign_in import SignIn
from renumber.domain.wait import Wait, WaitPurpose


class SessionReads(Protocol):
    """Reads the sessions of an account."""

    async def session(self, account_id: str, session_id: str) -> tuple[Session, Account, PhoneChange | None] | None:
        """Read a session with its account and the account's open change, in one query."""

    async def sessions(self, account_id: str, limit: int) -> Sequence[Session]:
        """Read the newest sessions, ended ones included."""

    async def change(self, account_id: str, change_id: str) -> tuple[PhoneChange, Account] | None:
        """Read a change with its account."""

    async def touch(self, session: Session, now: datetime) -> None:
        """Record that the session is in use."""


class SignInReads(Protocol):
    """Reads a sign-in in progress."""

    async def sign_in(
        self, account_id: str, sign_in_id: str
    ) -> tuple[SignIn, Account, PhoneChange | None, Session | None] | None:
        """Read a sign-in with its account, the open change and the session in which it began, in one query."""

    async def code(self, account_id: str, slot: str, notice: Notice) -> tuple[Challenge | None, Delivery | None]:
        """Read the code in flight in a slot, and what became of the newest message of its kind, in one query."""

    async def delivery(self, account_id: str, notice: Notice) -> Delivery | None:
        """Read what became of the newest message of a kind."""

    async def wait(self, account_id: str, purpose: WaitPurpose) -> Wait | None:
        """Read the wait for a purpose, also one that no longer stands."""


class FactorReads(Protocol):
    """Reads the second factors of an account."""

    async def factor_list(self, account_id: str) -> FactorList:
        """Read every second factor besides the number, in one query."""

    async def profile(
        self, account_id: str, now: datetime, *, idle_since: datetime
    ) -> tuple[FactorList, Sequence[OpenSession]]:
        """Read the factors and the sessions that can still be used, newest first, in one query."""

    async def passkeys(self, account_id: str) -> Sequence[Passkey]:
        """Read the passkeys that are not removed, oldest first."""


class DeviceReads(Protocol):
    """Reads the devices that are enrolled for push."""

    async def device(self, account_id: str, device_id: str) -> Device | None:
        """Read one device, also if it waits or was removed."""

    async def devices(self, account_id: str) -> Sequence[Device]:
        """Read the devices that can answer, oldest first."""


class PromptReads(Protocol):
    """Reads the prompts that devices are shown and sign-ins wait for."""

    async def pending_prompts(self, account_id: str, bound_at: datetime, now: datetime) -> Sequence[Prompt]:
        """Read the prompts for a device bound then: none, if it was there when one of the account's was lost."""

    async def prompt_of(self, account_id: str, sign_in_id: str) -> Prompt | None:
        """Read the newest prompt of a sign-in."""

    async def is_pending(self, account_id: str, prompt_id: str, now: datetime) -> bool:
        """Say whether a prompt still waits for its answer; it is cheap, since pages ask again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFacts:
    """The facts that the standing of an account rests on; the last three are of its open change, if it has one."""

    is_frozen: bool
    changed_at: datetime | None
    number_changed_at: datetime | None
    change: ChangeState | None
    link_expires_at: datetime | None
    reset_at: datetime | None


class StandingReads(Protocol):
    """Reads what other systems ask of an account, again and again."""

    async def standing(self, account_id: str) -> StandingFacts | None:
        """Read what the standing of somebody's account rests on, in one query and without unsealing anything."""


class Reads(SessionReads, SignInReads, FactorReads, DeviceReads, PromptReads, StandingReads, Protocol):
    """All of these together, for pages that need several."""
