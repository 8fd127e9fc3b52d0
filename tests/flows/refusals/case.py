"""A case of a refusal: what has gone before, the act that is refused, and the row that has to stand in the history."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from renumber.domain.account import NOBODY
from renumber.domain.outcomes import Refusal, Step
from tests.flows.person import Browser, Person

Refused = Awaitable[Step[Any] | None]
Prepare = Callable[[Person], Awaitable[Refused]]


@dataclass(frozen=True)
class Case:
    """`prepare` does all that goes before, and returns the act that is then refused; a silent one tells nobody."""

    name: str
    refusal: Refusal
    prepare: Prepare = field(repr=False)
    of_nobody: bool = False
    is_silent: bool = False

    def account_of(self, person: Person) -> str:
        """The account whose history the row belongs to."""
        return NOBODY if self.of_nobody else person.account_id


class Cases(list[Case]):
    """The cases of one file; `refused` adds one."""

    def refused(
        self, refusal: Refusal, *, of_nobody: bool = False, is_silent: bool = False
    ) -> Callable[[Prepare], Prepare]:
        """Add a case that ends in this refusal."""

        def add(prepare: Prepare) -> Prepare:
            self.append(Case(getattr(prepare, "__name__", ""), refusal, prepare, of_nobody, is_silent))
            return prepare

        return add


def in_session(browser: Browser, act: Callable[..., Refused], *given: Any, **named: Any) -> Refused:
    """An act in the session of a browser."""
    return act(browser.world.services, browser.client, browser.ticket, *given, **named)


def in_sign_in(browser: Browser, act: Callable[..., Refused], *given: Any) -> Refused:
    """An act in the sign-in of a browser."""
    return act(browser.world.services, browser.client, browser.begun, *given)


async def give_password(person: Person, browser: Browser | None = None) -> Browser:
    """Give the right password, half a minute after whatever was before."""
    at = browser or person.browser
    person.world.clock.move(seconds=31)
    await at.give_password(person.email, person.password)
    return at
