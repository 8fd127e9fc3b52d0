"""Scenarios around a second way in: losing both, opening what is lost, and entering the number from a session."""

from datetime import timedelta

from renumber.domain.factor import Factor
from tests.flows.machine.actors import Actor
from tests.flows.machine.factor_acts import add_app, choose, give_app_code, number_in_session, report_lost, trust_again
from tests.flows.machine.machine import Machine
from tests.flows.machine.next_step import press_newest, reach
from tests.flows.machine.scenarios import Scenario
from tests.flows.person import Browser


async def lose_one_and_then_the_other(machine: Machine, actor: Actor, browser: Browser) -> None:
    """With nothing but the password, try to leave no way in."""
    await _with_app(machine, actor, browser)
    await _at_the_picker(machine, actor, browser)
    for factor in (Factor.PHONE, Factor.TOTP):
        await report_lost(machine, actor, browser, factor)


async def restore_what_is_lost(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Try the mailbox, and then the thing itself."""
    await _with_app(machine, actor, browser)
    await _at_the_picker(machine, actor, browser)
    await report_lost(machine, actor, browser, Factor.TOTP)
    await machine.restore(actor, browser)
    await choose(machine, actor, browser, Factor.TOTP)
    await give_app_code(machine, actor, browser)
    await machine.type_newest_code(actor, browser)
    await trust_again(machine, actor, browser, Factor.TOTP)


async def restore_it_on_its_own_word(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Report the app lost in a session that the app has opened."""
    await _with_app(machine, actor, browser)
    await _at_the_picker(machine, actor, browser)
    await give_app_code(machine, actor, browser)
    await report_lost(machine, actor, browser, Factor.TOTP)
    await trust_again(machine, actor, browser, Factor.TOTP)


async def go_from_the_app_to_the_number(machine: Machine, actor: Actor, browser: Browser) -> None:
    """After the reset, sign in with the app and enter the number from there."""
    await _with_app(machine, actor, browser)
    await machine.in_session(actor, browser, "ask")
    await press_newest(machine, actor, browser)
    await _at_the_picker(machine, actor, browser)
    await give_app_code(machine, actor, browser)
    await number_in_session(machine, actor, browser)
    if actor.phones:
        await machine.enter_number(actor, browser, actor.phones[-1])
        await machine.type_newest_code(actor, browser)


async def _with_app(machine: Machine, actor: Actor, browser: Browser) -> None:
    await reach(machine, actor, browser, "signed in")
    if not actor.app:
        await machine.reauthenticate(actor, browser)
        await add_app(machine, actor, browser)


async def _at_the_picker(machine: Machine, actor: Actor, browser: Browser) -> None:
    machine.wait(timedelta(seconds=31))
    if browser.session and await browser.is_signed_in():
        await machine.in_session(actor, browser, "sign out")
        browser.session = None
    if actor.password:
        await machine.give_password(actor, browser)


FACTOR_SCENARIOS: tuple[Scenario, ...] = (
    lose_one_and_then_the_other,
    restore_what_is_lost,
    restore_it_on_its_own_word,
    go_from_the_app_to_the_number,
)
