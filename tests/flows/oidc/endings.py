"""Whatever ends the sessions of a person, each as somebody would do it."""

from collections.abc import Awaitable, Callable

from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.services import NOWHERE
from renumber.flows.sessions import end_other_sessions, end_session, sign_out
from tests.flows.person import Browser, Person
from tests.store.conftest import erase

Ending = Callable[[Person], Awaitable[object]]


async def freeze(erika: Person) -> None:
    await freeze_by_operator(erika.world.services, NOWHERE, erika.account_id, "a test")


async def sign_out_here(erika: Person) -> None:
    await sign_out(erika.world.services, erika.browser.client, erika.browser.ticket)


async def sign_out_everywhere(erika: Person) -> None:
    erika.world.clock.move(seconds=31)
    elsewhere = await erika.sign_in(Browser(erika.world))
    await end_other_sessions(erika.world.services, elsewhere.client, elsewhere.ticket)


async def reset(erika: Person) -> None:
    await erika.ask_for_change()
    assert (await erika.browser.press(await erika.link())).refusal is None


async def renew_password(erika: Person) -> None:
    await erika.choose_password("another long password")


async def be_erased(erika: Person) -> None:
    await erase(erika.world, erika)


async def sign_out_from_elsewhere(erika: Person) -> None:
    """End this very session in another browser."""
    erika.world.clock.move(seconds=31)
    ended, elsewhere = erika.browser.ticket, await erika.sign_in(Browser(erika.world))
    await end_session(erika.world.services, elsewhere.client, elsewhere.ticket, session_id=ended.id)


EVERYTHING: list[Ending] = [freeze, sign_out_everywhere, reset, renew_password, be_erased]
ONE_SESSION: list[Ending] = [sign_out_here, sign_out_from_elsewhere]
