"""What a person does with an authenticator app, each act one flow."""

from renumber.domain.authenticator import Factor
from renumber.domain.totp import STEP, AppKey, code_at
from renumber.flows import asking, authenticator_app
from renumber.flows.underway import Passage
from tests.flows.person import Browser, Person
from tests.flows.world import World


def shown(world: World, key: AppKey, *, late: int = 0) -> str:
    """What the app shows, on a phone whose clock is late by some steps."""
    return code_at(key.key, int(world.clock.time.timestamp()) // STEP - late)


async def add_app(erika: Person) -> AppKey:
    """Sign in and add an app."""
    await erika.sign_in()
    house, browser = erika.world.house, erika.browser
    begun = await authenticator_app.begin_app(house, browser.ticket, browser.origin)
    assert begun.state
    code = shown(erika.world, begun.state)
    confirmed = await authenticator_app.confirm_app(house, browser.ticket, code, origin=browser.origin)
    assert confirmed.refusal is None
    erika.world.clock.move(seconds=STEP)
    return begun.state


async def give_code(browser: Browser, code: str) -> Passage:
    """Confirm the sign-in with what the app shows."""
    assert browser.sign_in
    house = browser.world.house
    passage = await authenticator_app.prove_app(house, browser.sign_in, code, origin=browser.origin)
    if passage.signed_in:
        browser.session, browser.sign_in = passage.ticket, None
    return passage


async def choose(browser: Browser, factor: Factor) -> Passage:
    """Go on with another method."""
    assert browser.sign_in
    return await asking.choose_method(browser.world.house, browser.sign_in, factor, origin=browser.origin)
