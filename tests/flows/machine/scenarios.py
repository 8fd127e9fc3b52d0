"""What chance alone tries too seldom: steps of somebody who knows two rules and looks for the gap between them."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from renumber.domain.sign_in import SignInState
from tests.flows.machine.actors import WAITS_FOR, Actor
from tests.flows.machine.machine import Machine
from tests.flows.machine.next_step import press_newest, reach, renew_password
from tests.flows.person import Browser

Scenario = Callable[[Machine, Actor, Browser], Coroutine[Any, Any, None]]
TRIES_THAT_LEAVE_ONE = 4


async def use_one_code_on_two_pages(machine: Machine, actor: Actor, _: Browser) -> None:
    """Let every browser wait for a code, and type the newest into each."""
    for browser in actor.browsers:
        await _open_a_page(machine, actor, browser)
    for browser in actor.browsers:
        await machine.type_newest_code(actor, browser)


async def guess_and_ask_again(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Have the same code sent again between guesses."""
    await _open_a_page(machine, actor, browser)
    await _guess(machine, actor, browser)
    machine.wait(timedelta(seconds=121))
    await machine.send_again(actor, browser)
    await _guess(machine, actor, browser)


async def guess_until_it_is_suspended(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Leave a try on each code, so that one still lives when the factor is suspended; then type it all the same."""
    await _open_a_page(machine, actor, browser)
    for _ in range(2):
        await _guess(machine, actor, browser)
        machine.wait(timedelta(minutes=11))
        await machine.send_again(actor, browser)
    await _guess(machine, actor, browser)
    await machine.type_newest_code(actor, browser)
    await machine.restore_by_guess(actor, browser)


async def leave_a_code_unused(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Change the number, with so much sent that nothing can follow the code to the old one; then type that code."""
    other = next((one for one in actor.browsers if one is not browser), browser)
    await reach(machine, actor, browser, "asked")
    machine.wait(timedelta(minutes=11))
    await machine.give_password(actor, other)
    unused = machine.actors.newest(actor, *WAITS_FOR[SignInState.AWAITING_FACTOR])
    await press_newest(machine, actor, browser)
    await machine.give_password(actor, browser)
    for number in (*actor.phones, actor.phones[1 % len(actor.phones)]):
        await machine.enter_number(actor, browser, number)
    await machine.type_newest_code(actor, browser)
    await machine.give_password(actor, other)
    if unused:
        await machine.type_code(actor, other, unused.code)


async def reset_again_before_the_week_is_over(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Reset a number that is almost a week old, and come back when the first change can't be undone any more."""
    await reach(machine, actor, browser, "changed")
    machine.wait(timedelta(days=6))
    await reach(machine, actor, browser, "reset")
    machine.wait(timedelta(days=2))
    await _open_a_page(machine, actor, browser)


async def ask_too_late(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Ask for another link, then for another change, when the password is a while ago."""
    await reach(machine, actor, browser, "asked")
    machine.wait(timedelta(minutes=16))
    for verb in ("ask again", "cancel", "ask"):
        await machine.in_session(actor, browser, verb)


async def forget_the_password_after_asking(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Choose a password by mail while a link still waits to be used."""
    await reach(machine, actor, browser, "asked")
    if actor.mailbox:
        await renew_password(machine, actor, browser)


async def post_to_pages_that_are_not_open(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Reset the number, and let somebody with no more than the password enter theirs, and any code they can read."""
    await reach(machine, actor, browser, "reset")
    thief = machine.actors.by_name["thief with the password"]
    [theirs] = thief.browsers
    await _open_a_page(machine, thief, theirs)
    await machine.enter_number(thief, theirs, thief.phones[-1])
    for state, kind in WAITS_FOR.items():
        received = machine.actors.newest(thief, *kind)
        if received:
            await machine.type_code(thief, theirs, received.code, at=state)


async def stop_too_late(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Find the newest "This wasn't me" after more than a week."""
    stops = [received.stop for received in machine.actors.readable(actor) if received.stop]
    if stops:
        machine.wait(timedelta(days=8))
        await machine.stop(actor, browser, stops[-1])


async def _open_a_page(machine: Machine, actor: Actor, browser: Browser) -> None:
    if await browser.state() is None and actor.password:
        await machine.give_password(actor, browser)


async def _guess(machine: Machine, actor: Actor, browser: Browser) -> None:
    for digit in range(TRIES_THAT_LEAVE_ONE):
        await machine.guess(actor, browser, digit)


SCENARIOS: tuple[Scenario, ...] = (
    use_one_code_on_two_pages,
    guess_and_ask_again,
    guess_until_it_is_suspended,
    leave_a_code_unused,
    reset_again_before_the_week_is_over,
    ask_too_late,
    forget_the_password_after_asking,
    post_to_pages_that_are_not_open,
    stop_too_late,
)
