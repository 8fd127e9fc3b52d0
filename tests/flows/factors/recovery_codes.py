"""Acts of a person with recovery codes."""

from renumber.domain.factor import Factor
from renumber.domain.recovery_codes import IN_USE, RecoveryCodes
from renumber.flows.factors.recovery_codes import NewSet, make_set, name_of, prove_code
from tests.flows.person import Browser, Person
from tests.flows.sign_in_step import SignInStep


async def make(erika: Person, replacing: str = "") -> NewSet:
    """Make a set in a session that is fresh."""
    services, browser = erika.world.services, erika.browser
    step = await make_set(services, browser.client, browser.ticket, replacing=replacing)
    assert step.state, step.refusal
    return step.state


async def with_codes(erika: Person) -> tuple[str, ...]:
    """Sign in and make a set."""
    await erika.sign_in()
    await erika.prove_again()
    codes = (await make(erika)).codes
    erika.world.clock.move(seconds=31)
    return codes


async def give(browser: Browser, code: str) -> SignInStep:
    """Give a code on the page of recovery codes."""
    return browser.arrive(await prove_code(browser.world.services, browser.client, browser.begun, code))


async def turn_to_codes(erika: Person, browser: Browser | None = None) -> Browser:
    """Password, then the picker."""
    at = browser or erika.browser
    await at.give_password(erika.email)
    assert (await at.choose(Factor.RECOVERY_CODE)).method is Factor.RECOVERY_CODE
    return at


async def make_again(erika: Person) -> NewSet:
    """Make a set as the page does that shows when the one before was made."""
    async with erika.world.services.store.work(erika.account_id) as work:
        standing = await work.load(RecoveryCodes, IN_USE)
    return await make(erika, name_of(standing))
