"""What each of the cast would do next if they want to get in: an owner who goes on, thieves who try their best."""

from renumber.domain.challenge import CodePurpose, CodeState
from renumber.domain.factor import Factor
from renumber.domain.message import Channel, Notice
from renumber.domain.sign_in import SignInState
from tests.flows.machine import factor_acts
from tests.flows.machine.actors import Actor
from tests.flows.machine.machine import Play
from tests.flows.person import Browser

STAGES = ("at the door", "signed in", "asked", "reset", "number entered", "changed")
STEPS = 9  # enough from the door to the end


async def reach(play: Play, actor: Actor, browser: Browser, stage: str) -> None:
    """Go on until the journey has come as far as this, if nobody has barred the way."""
    for _ in range(STEPS):
        if await _has_reached(play, browser, stage) or not await got_on(play, actor, browser):
            break


async def _has_reached(play: Play, browser: Browser, stage: str) -> bool:
    change = play.seen.open_changes[0] if play.seen.open_changes else None
    reached = {
        "at the door": True,
        "signed in": await browser.is_signed_in(),
        "asked": change is not None,
        "reset": change is not None and change.awaits_number,
        "number entered": change is not None and change.new_number is not None,
        "changed": play.seen.account.number != play.cast.old and await browser.is_signed_in(),
    }
    return reached[stage]


async def got_on(play: Play, actor: Actor, browser: Browser) -> bool:
    """Go on, and say whether it was of any use."""
    said = len(play.said)
    await go_on(play, actor, browser)
    return len(play.said) > said and play.said[-1].endswith("done")


async def go_on(play: Play, actor: Actor, browser: Browser) -> None:
    """Take the next step that could lead to a number of one's own on the account."""
    state = await browser.state()
    if (
        await browser.is_signed_in()
        and play.seen.account.number is None
        and state is not SignInState.AWAITING_NEW_NUMBER
    ):
        await play.reauthenticate(actor, browser)
        await factor_acts.number_in_session(play, actor, browser)
    elif await browser.is_signed_in() and state is not SignInState.AWAITING_NEW_NUMBER:
        await _ask_or_press(play, actor, browser)
    elif state is None:
        await _knock(play, actor, browser)
    elif state is SignInState.AWAITING_NEW_NUMBER:
        await _offer_number(play, actor, browser)
    else:
        await _answer(play, actor, browser, state)


async def _ask_or_press(play: Play, actor: Actor, browser: Browser) -> None:
    if play.seen.open_changes:
        await press_newest(play, actor, browser)
    else:
        await play.reauthenticate(actor, browser)
        await play.in_session(actor, browser, "ask")


async def press_newest(play: Play, actor: Actor, browser: Browser) -> None:
    """Press the newest link in the mailbox."""
    letter = play.cast.newest(actor, Notice.CHANGE_REQUESTED, Channel.EMAIL)
    if letter:
        await play.press(actor, browser, letter.action)


async def _knock(play: Play, actor: Actor, browser: Browser) -> None:
    """Press a waiting link, then sign in; without the right password, ask for another by mail."""
    waiting = [change for change in play.seen.open_changes if not change.awaits_number]
    if waiting and actor.mailbox:
        await press_newest(play, actor, browser)
    elif actor.password == play.ledger.password:
        await play.give_password(actor, browser)
    elif actor.mailbox:
        await renew_password(play, actor, browser)


async def renew_password(play: Play, actor: Actor, browser: Browser) -> None:
    """Choose a password by mail."""
    await play.forget(actor, browser)
    letter = play.cast.newest(actor, Notice.PASSWORD_LINK, Channel.EMAIL)
    if letter:
        await play.choose_password(actor, browser, letter.action)


async def _offer_number(play: Play, actor: Actor, browser: Browser) -> None:
    own = actor.phones[-1] if actor.phones else None
    named = next((change.new_number for change in play.seen.open_changes), None)
    if named in actor.phones and play.cast.newest(actor, Notice.NEW_NUMBER_CODE, Channel.SMS):
        await play.type_newest_code(actor, browser)
    elif own:
        await play.enter_number(actor, browser, own)


async def _answer(play: Play, actor: Actor, browser: Browser, state: SignInState) -> None:
    if state is SignInState.AWAITING_RELEASE_MAILBOX and not _has_release_code(play):
        await play.begin_release(actor, browser)
    elif state is SignInState.AWAITING_FACTOR and await browser.method() is Factor.TOTP:
        await (
            factor_acts.give_app_code(play, actor, browser)
            if actor.app
            else factor_acts.choose(play, actor, browser, Factor.PHONE)
        )
    elif state is SignInState.AWAITING_FACTOR and actor.app and Factor.PHONE in play.seen.suspended:
        await factor_acts.choose(play, actor, browser, Factor.TOTP)
    else:
        await play.type_newest_code(actor, browser)


async def _answer_with_app(play: Play, actor: Actor, browser: Browser) -> None:
    if actor.app:
        await factor_acts.give_app_code(play, actor, browser)
    else:
        await factor_acts.choose(play, actor, browser, Factor.PHONE)


def _has_release_code(play: Play) -> bool:
    sent = play.seen.challenges.get(CodePurpose.RELEASE_MAILBOX)
    return sent is not None and sent.state is CodeState.LIVE and sent.expires_at > play.world.clock.time
