"""The acts of the cast with an authenticator app, and with what was lost."""

from renumber.domain.factor import Factor
from renumber.domain.totp import STEP, code_at
from renumber.flows.factors.lost import report_at_sign_in, report_in_session, restore_lost
from renumber.flows.factors.totp import begin_totp, confirm_totp, prove_totp
from renumber.flows.phone_change.new_number import begin_in_session
from renumber.flows.sign_in.method import choose_method
from tests.flows.machine.actors import Actor
from tests.flows.machine.machine import Play
from tests.flows.person import Browser
from tests.flows.sign_in_step import SignInStep


async def add_app(play: Play, actor: Actor, browser: Browser) -> None:
    """Put a key into one's own app; the account's former key is worth nothing any more."""
    if browser.session is None:
        return
    flow = begin_totp(play.services, browser.client, browser.session)
    begun = await play.act(actor, "begin app", flow)
    if begun.state:
        code = _app_code(play, begun.state.key)
        added = confirm_totp(play.services, browser.client, browser.session, code=code)
        if (await play.act(actor, "add app", added)).refusal is None:
            for one in play.cast.actors.values():
                one.app = b""
            actor.app = begun.state.key


def _app_code(play: Play, key: bytes) -> str:
    return code_at(key, int(play.world.clock.time.timestamp()) // STEP)


async def give_app_code(play: Play, actor: Actor, browser: Browser, *, wrong: bool = False) -> None:
    """Give the code that the app shows, or one that it surely doesn't."""
    if browser.sign_in is None or not (actor.app or wrong):
        return
    code = "no code" if wrong else _app_code(play, actor.app)
    flow = prove_totp(play.services, browser.client, browser.sign_in, code=code)
    result = await play.act(actor, "prove app", flow)
    browser.arrive(result)


async def choose(play: Play, actor: Actor, browser: Browser, factor: Factor) -> None:
    """Try another method."""
    if browser.sign_in:
        flow = choose_method(play.services, browser.client, browser.sign_in, factor=factor)
        await play.act(actor, f"choose {factor}", flow)


async def number_in_session(play: Play, actor: Actor, browser: Browser) -> None:
    """Go on to the new number from a session that the app opened."""
    if browser.session:
        flow = begin_in_session(play.services, browser.client, browser.session)
        begun = SignInStep(await play.act(actor, "number in session", flow))
        browser.sign_in = begun.ticket or browser.sign_in


async def report_lost(play: Play, actor: Actor, browser: Browser, factor: Factor) -> None:
    """Suspend a factor, in a session or after the password."""
    if browser.session:
        in_session = report_in_session(play.services, browser.client, browser.session, factor=factor)
        await play.act(actor, "report lost", in_session)
    elif browser.sign_in:
        flow = report_at_sign_in(play.services, browser.client, browser.sign_in, factor=factor)
        await play.act(actor, "report lost", flow)


async def trust_again(play: Play, actor: Actor, browser: Browser, factor: Factor) -> None:
    """Open it again."""
    if browser.session:
        flow = restore_lost(play.services, browser.client, browser.session, factor=factor)
        await play.act(actor, "take back", flow)
