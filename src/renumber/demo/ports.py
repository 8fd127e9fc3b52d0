"""The access to the service that the demonstration is given by the command line."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from renumber.demo.accounts import DemoAccount
from renumber.demo.checklist import Happening
from renumber.demo.staff import DemoColleague, DemoPerson
from renumber.flows.ports.services import Clock


class DemoError(Exception):
    """The demonstration can't start or go on; the sentence says what to do."""


class DemoAccess(Protocol):
    """Does what no page offers, on the database of the service."""

    @property
    def clock(self) -> Clock:
        """The clock of the service, moved as the service has it."""

    async def open(self, accounts: Sequence[DemoAccount], staff: Sequence[DemoColleague]) -> None:
        """Connect to the database; create the company and the accounts, those who help with an app and their role."""

    async def close(self) -> None:
        """Close the connections."""

    def codes(self) -> Mapping[str, str]:
        """The codes that the authenticator apps of those who help show now."""

    async def sign_in(self, person: DemoPerson, cookies: Mapping[str, str], user_agent: str) -> Sequence[str]:
        """Open a session that was signed in to an hour ago: the Set-Cookie headers, none for a frozen account."""

    async def history(self) -> Sequence[Happening]:
        """Read what has happened to each account, oldest first."""

    async def catch_up(self) -> None:
        """Do what came due while the clock was moved, as the housekeeping does every few minutes."""

    async def let_changes_wait(self, *, wait: bool) -> None:
        """Let changes of the company's people wait for its administrator, or not."""

    async def choose_language(self, language: str) -> Sequence[str]:
        """Make this the language of every account; the Set-Cookie headers make it the language of the pages."""


OpenAccess = Callable[[Mapping[str, str]], DemoAccess]
