"""What chance alone tries too seldom: turns of somebody who knows two rules and looks for the gap between them."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from renumber.domain.sign_in import SignInState
from tests.flows.machine.actors import WAITS_FOR, Actor
from tests.flows.machine.machine import Play
from tests.flows.machine.next_step import press_newest, reach, renew_password
from tests.flows.person import Browser

Plot = Callable[[Play, Actor, Browser], Coroutine[Any, Any, None]]
TRIES_THAT_LEAVE_ONE = 4


async def use_one_code_on_two_pages(play: Play, actor: Actor, _: Browser) -> None:
    """Let every browser wait for a code, and type the newest into each."""
    for browser in actor.browsers:
        await _stand_at_a_page(play, actor, browser)
    for browser in actor.browsers:
        await play.type_newest_code(actor, browser)


async def guess_and_ask_again(play: Play, actor: Actor, browser: Browser) -> None:
    """Have the same code sent again between guesses."""
    await _stand_at_a_page(play, actor, browser)
    await _guess(play, actor, browser)
    play.wait(timedelta(seconds=121))
    await play.send_again(actor, browser)
    await _guess(play, actor, browser)


async def guess_until_it_is_suspended(play: Play, actor: Actor, browser: Browser) -> None:
    """Leave a try on each code, so that one still lives when the factor is suspended; then type it all the same."""
    await _stand_at_a_page(play, actor, browser)
    for _ in range(2):
        await _guess(play, actor, browser)
        play.wait(timedelta(minutes=11))
        await play.send_again(actor, browser)
    await _guess(play, actor, browser)
    await play.type_newest_code(actor, browser)
    await play.lift_by_guess(actor, browser)


async def leave_a_code_unused(play: Play, actor: Actor, browser: Browser) -> None:
    """Change the number, with so much sent that nothing can follow the code to the old one; then type that code."""
    other = next((one for one in actor.browsers if one is not browser), browser)
    await reach(play, actor, browser, "asked")
    play.wait(timedelta(minutes=11))
    await play.give_password(actor, other)
    unused = play.cast.newest(actor, *WAITS_FOR[SignInState.AWAITING_FACTOR])
    await press_newest(play, actor, browser)
    await play.give_password(actor, browser)
    for number in (*actor.phones, actor.phones[1 % len(actor.phones)]):
        await play.enter_number(actor, browser, number)
    await play.type_newest_code(actor, browser)
    await play.give_password(actor, other)
    if unused:
        await play.type_code(actor, other, unused.code)


async def reset_again_before_the_week_is_over(play: Play, actor: Actor, browser: Browser) -> None:
    """Reset a number that is almost a week old, and come back when the first change can't be undone any more."""
    await reach(play, actor, browser, "changed")
    play.wait(timedelta(days=6))
    await reach(play, actor, browser, "reset")
    play.wait(timedelta(days=2))
    await _stand_at_a_page(play, actor, browser)


async def ask_too_late(play: Play, actor: Actor, browser: Browser) -> None:
    """Ask for another link, then for another change, when the password is a while ago."""
    await reach(play, actor, browser, "asked")
    play.wait(timedelta(minutes=16))
    for verb in ("ask again", "cancel", "ask"):
        await play.in_session(actor, browser, verb)


async def forget_the_password_after_asking(play: Play, actor: Actor, browser: Browser) -> None:
    """Choose a password by mail while a link still waits to be used."""
    await reach(play, actor, browser, "asked")
    if actor.mailbox:
        await renew_password(play, actor, browser)


async def post_to_pages_that_are_not_open(play: Play, actor: Actor, browser: Browser) -> None:
    """Reset the number, and let somebody with no more than the password enter theirs, and any code they can read."""
    await reach(play, actor, browser, "reset")
    thief = play.cast.actors["thief with the password"]
    [theirs] = thief.browsers
    await _stand_at_a_page(play, thief, theirs)
    await play.enter_number(thief, theirs, thief.phones[-1])
    for state, kind in WAITS_FOR.items():
        letter = play.cast.newest(thief, *kind)
        if letter:
            await play.type_code(thief, theirs, letter.code, at=state)


async def stop_too_late(play: Play, actor: Actor, browser: Browser) -> None:
    """Find the newest "This wasn't me" after more than a week."""
    stops = [letter.stop for letter in play.cast.readable(actor) if letter.stop]
    if stops:
        play.wait(timedelta(days=8))
        await play.stop(actor, browser, stops[-1])


async def _stand_at_a_page(play: Play, actor: Actor, browser: Browser) -> None:
    if await browser.state() is None and actor.password:
        await play.give_password(actor, browser)


async def _guess(play: Play, actor: Actor, browser: Browser) -> None:
    for digit in range(TRIES_THAT_LEAVE_ONE):
        await play.guess(actor, browser, digit)


PLOTS: tuple[Plot, ...] = (
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
