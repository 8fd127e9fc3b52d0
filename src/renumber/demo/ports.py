"""What the demonstration asks of the house that it shows; the command line lends it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from renumber.demo.people import Person
from renumber.flows.ports.services import Clock


class DemoError(Exception):
    """Why the demonstration can't start or go on, in a sentence that says what to do."""


class Backstage(Protocol):
    """A door beside the stage: it does what no page offers, on the service's own database."""

    @property
    def clock(self) -> Clock:
        """The service's clock, moved as the service's is."""

    async def open(self, people: Sequence[Person]) -> None:
        """Connect, and enter the accounts."""

    async def close(self) -> None:
        """Disconnect."""

    async def let_in(self, person: Person, cookies: Mapping[str, str], user_agent: str) -> Sequence[str]:
        """Open a session that was signed in to an hour ago: the Set-Cookie headers, none for a frozen account."""

    async def speak(self, language: str) -> Sequence[str]:
        """Write to everyone in this language from now on; the Set-Cookie headers make the pages follow."""


OpenBackstage = Callable[[Mapping[str, str]], Backstage]
