"""Plots around a second way in: losing both, opening what is lost, and entering the number from a session."""

from datetime import timedelta

from renumber.domain.factor import Factor
from tests.flows.machine.actors import Actor
from tests.flows.machine.factor_acts import add_app, choose, give_app_code, number_in_session, report_lost, trust_again
from tests.flows.machine.machine import Play
from tests.flows.machine.next_step import press_newest, reach
from tests.flows.machine.scenarios import Plot
from tests.flows.person import Browser


async def lose_one_and_then_the_other(play: Play, actor: Actor, browser: Browser) -> None:
    """With nothing but the password, try to leave no way in."""
    await _with_app(play, actor, browser)
    await _at_the_picker(play, actor, browser)
    for factor in (Factor.PHONE, Factor.TOTP):
        await report_lost(play, actor, browser, factor)


async def lift_what_is_lost(play: Play, actor: Actor, browser: Browser) -> None:
    """Try the mailbox, and then the thing itself."""
    await _with_app(play, actor, browser)
    await _at_the_picker(play, actor, browser)
    await report_lost(play, actor, browser, Factor.TOTP)
    await play.lift(actor, browser)
    await choose(play, actor, browser, Factor.TOTP)
    await give_app_code(play, actor, browser)
    await play.type_newest_code(actor, browser)
    await trust_again(play, actor, browser, Factor.TOTP)


async def take_it_back_on_its_own_word(play: Play, actor: Actor, browser: Browser) -> None:
    """Report the app lost in a session that the app has opened."""
    await _with_app(play, actor, browser)
    await _at_the_picker(play, actor, browser)
    await give_app_code(play, actor, browser)
    await report_lost(play, actor, browser, Factor.TOTP)
    await trust_again(play, actor, browser, Factor.TOTP)


async def go_from_the_app_to_the_number(play: Play, actor: Actor, browser: Browser) -> None:
    """After the reset, sign in with the app and enter the number from there."""
    await _with_app(play, actor, browser)
    await play.in_session(actor, browser, "ask")
    await press_newest(play, actor, browser)
    await _at_the_picker(play, actor, browser)
    await give_app_code(play, actor, browser)
    await number_in_session(play, actor, browser)
    if actor.phones:
        await play.enter_number(actor, browser, actor.phones[-1])
        await play.type_newest_code(actor, browser)


async def _with_app(play: Play, actor: Actor, browser: Browser) -> None:
    await reach(play, actor, browser, "signed in")
    if not actor.app:
        await play.reauthenticate(actor, browser)
        await add_app(play, actor, browser)


async def _at_the_picker(play: Play, actor: Actor, browser: Browser) -> None:
    play.wait(timedelta(seconds=31))
    if browser.session and await browser.is_signed_in():
        await play.in_session(actor, browser, "sign out")
        browser.session = None
    if actor.password:
        await play.give_password(actor, browser)


FACTOR_PLOTS: tuple[Plot, ...] = (
    lose_one_and_then_the_other,
    lift_what_is_lost,
    take_it_back_on_its_own_word,
    go_from_the_app_to_the_number,
)
