"""There is no dead end: whatever happened, the owner gets in again, at worst with the operator's help."""

from datetime import timedelta

from renumber.domain.factor import Factor
from renumber.domain.number_history import Wanted
from renumber.domain.totp import STEP
from tests.flows.machine.actors import Actor
from tests.flows.machine.machine import Play
from tests.flows.machine.next_step import go_on, renew_password
from tests.flows.person import Browser

TURNS = 30
QUOTAS_ARE_OVER = timedelta(hours=25)
SEND_AGAIN_AFTER = timedelta(minutes=2)


async def find_a_way_in(play: Play) -> None:
    """Come back after a day, as the owner, and try until a page of the account opens with an own number bound."""
    owner = play.cast.actors["owner"]
    browser = owner.browsers[0]
    play.wait(QUOTAS_ARE_OVER)
    for _ in range(TURNS):
        if await _is_at_home(play, owner, browser):
            return
        await _next(play, owner, browser)
    raise AssertionError("the owner finds no way in")


async def _is_at_home(play: Play, owner: Actor, browser: Browser) -> bool:
    """Signed in with an own number; or robbed so long ago that the own number was forgotten, as PRODUCT.md says."""
    account = play.seen.account
    is_forgotten = _is_robbed(play, owner) and account.former_number is None
    return is_forgotten or (await browser.is_signed_in() and account.number in owner.phones)


async def _next(play: Play, owner: Actor, browser: Browser) -> None:
    if play.seen.account.is_frozen:
        await _release(play, owner, browser)
    elif _is_robbed(play, owner):
        await play.operator("operator freeze")
    elif owner.password != play.ledger.password:
        await renew_password(play, owner, browser)
    elif Factor.PHONE in play.seen.account.lost and not owner.app:
        await play.operator("operator freeze")
    elif play.seen.suspended - play.seen.account.lost and await browser.state() is not None:
        await _lift(play, owner, browser)
    else:
        await _sign_in(play, owner, browser)


def _is_robbed(play: Play, owner: Actor) -> bool:
    """Somebody with password and mailbox finished a change that the owner had asked for, and everybody was told."""
    number = play.seen.account.number
    return number is not None and number not in owner.phones


async def _release(play: Play, owner: Actor, browser: Browser) -> None:
    number = play.seen.account.number_for_release(play.world.clock.time)
    if owner.password != play.ledger.password or number not in owner.phones or play.seen.suspended:
        await play.operator("operator release", Wanted.FORMER)
    else:
        await go_on(play, owner, browser)
        if play.said[-1].endswith(("release_needs_operator", "release_too_late")):
            await play.operator("operator release", Wanted.FORMER)


async def _lift(play: Play, owner: Actor, browser: Browser) -> None:
    before = play.seen.suspended
    await play.lift(owner, browser)
    if play.seen.suspended == before:
        await renew_password(play, owner, browser)


async def _sign_in(play: Play, owner: Actor, browser: Browser) -> None:
    """Go on; where a password by mail may not go on with the new number, only the operator can undo the reset."""
    said = len(play.said)
    await go_on(play, owner, browser)
    refused = play.said[-1] if len(play.said) > said else ""
    if "needs_pressing_browser" in refused:
        await play.operator("operator freeze")
    elif refused.endswith("code_used"):
        play.wait(timedelta(seconds=STEP))
    elif refused.endswith(("no_code", "wrong_code", "wrong_codes")):
        play.wait(SEND_AGAIN_AFTER)
        await play.send_again(owner, browser)
