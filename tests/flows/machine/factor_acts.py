"""The acts of the actors with an authenticator app, and with what was lost."""

from renumber.domain.factor import Factor
from renumber.domain.totp import STEP, code_at
from renumber.flows.factors.lost import report_at_sign_in, report_in_session, restore_lost
from renumber.flows.factors.totp import begin_totp, confirm_totp, prove_totp
from renumber.flows.phone_change.new_number import begin_in_session
from renumber.flows.sign_in.method import choose_method
from tests.flows.machine.actors import Actor
from tests.flows.machine.machine import Machine
from tests.flows.person import Browser
from tests.flows.sign_in_step import SignInStep


async def add_app(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Put a key into one's own app; the account's former key is worth nothing any more."""
    if browser.session is None:
        return
    flow = begin_totp(machine.services, browser.client, browser.session)
    begun = await machine.act(actor, "begin app", flow)
    if begun.state:
        code = _app_code(machine, begun.state.key)
        added = confirm_totp(machine.services, browser.client, browser.session, code=code)
        if (await machine.act(actor, "add app", added)).refusal is None:
            for one in machine.actors.by_name.values():
                one.app = b""
            actor.app = begun.state.key


def _app_code(machine: Machine, key: bytes) -> str:
    return code_at(key, int(machine.world.clock.time.timestamp()) // STEP)


async def give_app_code(machine: Machine, actor: Actor, browser: Browser, *, wrong: bool = False) -> None:
    """Give the code that the app shows, or one that it surely doesn't."""
    if browser.sign_in is None or not (actor.app or wrong):
        return
    code = "no code" if wrong else _app_code(machine, actor.app)
    flow = prove_totp(machine.services, browser.client, browser.sign_in, code=code)
    result = await machine.act(actor, "prove app", flow)
    browser.arrive(result)


async def choose(machine: Machine, actor: Actor, browser: Browser, factor: Factor) -> None:
    """Try another method."""
    if browser.sign_in:
        flow = choose_method(machine.services, browser.client, browser.sign_in, factor=factor)
        await machine.act(actor, f"choose {factor}", flow)


async def number_in_session(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Go on to the new number from a session that the app opened."""
    if browser.session:
        flow = begin_in_session(machine.services, browser.client, browser.session)
        begun = SignInStep(await machine.act(actor, "number in session", flow))
        browser.sign_in = begun.ticket or browser.sign_in


async def report_lost(machine: Machine, actor: Actor, browser: Browser, factor: Factor) -> None:
    """Suspend a factor, in a session or after the password."""
    if browser.session:
        in_session = report_in_session(machine.services, browser.client, browser.session, factor=factor)
        await machine.act(actor, "report lost", in_session)
    elif browser.sign_in:
        flow = report_at_sign_in(machine.services, browser.client, browser.sign_in, factor=factor)
        await machine.act(actor, "report lost", flow)


async def trust_again(machine: Machine, actor: Actor, browser: Browser, factor: Factor) -> None:
    """Open it again."""
    if browser.session:
        flow = restore_lost(machine.services, browser.client, browser.session, factor=factor)
        await machine.act(actor, "restore lost", flow)
