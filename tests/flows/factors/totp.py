"""What a person does with an authenticator app, each act one flow."""

from renumber.domain.totp import STEP, TotpKey, code_at
from renumber.flows.factors.totp import begin_totp, confirm_totp, prove_totp
from tests.flows.person import Browser, Person
from tests.flows.sign_in_step import SignInStep
from tests.flows.world import World


def shown(world: World, key: TotpKey, *, late: int = 0) -> str:
    """What the app shows, on a phone whose clock is late by some steps."""
    return code_at(key.key, int(world.clock.time.timestamp()) // STEP - late)


async def add_app(erika: Person) -> TotpKey:
    """Sign in and add an app."""
    await erika.sign_in()
    await erika.prove_again()
    services, browser = erika.world.services, erika.browser
    begun = await begin_totp(services, browser.client, browser.ticket)
    assert begun.state
    code = shown(erika.world, begun.state)
    confirmed = await confirm_totp(services, browser.client, browser.ticket, code=code)
    assert confirmed.refusal is None
    erika.world.clock.move(seconds=STEP)
    return begun.state


async def give_code(browser: Browser, code: str) -> SignInStep:
    """Confirm the sign-in with what the app shows."""
    return browser.arrive(await prove_totp(browser.world.services, browser.client, browser.begun, code))
