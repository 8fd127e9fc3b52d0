"""The next step of each actor who wants to get in: an owner who goes on, thieves who try their best."""

from datetime import timedelta

from renumber.domain.challenge import CodePurpose, CodeState
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.sign_in import SignInState
from tests.flows.machine import factor_acts
from tests.flows.machine.actors import Actor
from tests.flows.machine.machine import Machine
from tests.flows.person import Browser

STAGES = ("signed out", "signed in", "asked", "reset", "number entered", "changed")
A_DAY = timedelta(hours=24)
STEPS = 9  # enough from signing in to the end


async def reach(machine: Machine, actor: Actor, browser: Browser, stage: str) -> None:
    """Go on until the journey has come as far as this, if nobody has barred the way."""
    for _ in range(STEPS):
        if await _has_reached(machine, browser, stage) or not await got_on(machine, actor, browser):
            break


async def _has_reached(machine: Machine, browser: Browser, stage: str) -> bool:
    change = machine.seen.open_changes[0] if machine.seen.open_changes else None
    reached = {
        "signed out": True,
        "signed in": await browser.is_signed_in(),
        "asked": change is not None,
        "reset": change is not None and change.awaits_number,
        "number entered": change is not None and change.new_number is not None,
        "changed": machine.seen.account.number != machine.actors.old and await browser.is_signed_in(),
    }
    return reached[stage]


async def got_on(machine: Machine, actor: Actor, browser: Browser) -> bool:
    """Go on, and say whether it was of any use."""
    logged = len(machine.log)
    await go_on(machine, actor, browser)
    return len(machine.log) > logged and machine.log[-1].endswith("done")


async def go_on(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Take the next step that could lead to a number of one's own on the account."""
    state = await browser.state()
    if (
        await browser.is_signed_in()
        and machine.seen.account.number is None
        and state is not SignInState.AWAITING_NEW_NUMBER
    ):
        await machine.reauthenticate(actor, browser)
        await factor_acts.number_in_session(machine, actor, browser)
    elif await browser.is_signed_in() and state is not SignInState.AWAITING_NEW_NUMBER:
        await _ask_or_press(machine, actor, browser)
    elif state is None:
        await _begin(machine, actor, browser)
    elif state is SignInState.WAITING:
        machine.wait(A_DAY)
        await machine.give_password(actor, browser)
    elif state is SignInState.AWAITING_NEW_NUMBER:
        await _offer_number(machine, actor, browser)
    else:
        await _answer(machine, actor, browser, state)


async def _ask_or_press(machine: Machine, actor: Actor, browser: Browser) -> None:
    if machine.seen.open_changes:
        await press_newest(machine, actor, browser)
    else:
        await machine.reauthenticate(actor, browser)
        await machine.in_session(actor, browser, "ask")


async def press_newest(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Press the newest link in the mailbox."""
    received = machine.actors.newest(actor, Notice.CHANGE_REQUESTED, Channel.EMAIL)
    if received:
        await machine.press(actor, browser, received.action)


async def _begin(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Press a waiting link, then sign in; without the right password, ask for another by mail."""
    waiting = [change for change in machine.seen.open_changes if not change.awaits_number]
    if waiting and actor.mailbox:
        await press_newest(machine, actor, browser)
    elif actor.password == machine.ledger.password:
        await machine.give_password(actor, browser)
    elif actor.mailbox:
        await renew_password(machine, actor, browser)


async def renew_password(machine: Machine, actor: Actor, browser: Browser) -> None:
    """Choose a password by mail."""
    await machine.forget(actor, browser)
    received = machine.actors.newest(actor, Notice.PASSWORD_LINK, Channel.EMAIL)
    if received:
        await machine.choose_password(actor, browser, received.action)


async def _offer_number(machine: Machine, actor: Actor, browser: Browser) -> None:
    own = actor.phones[-1] if actor.phones else None
    named = next((change.new_number for change in machine.seen.open_changes), None)
    if named in actor.phones and machine.actors.newest(actor, Notice.NEW_NUMBER_CODE, Channel.SMS):
        await machine.type_newest_code(actor, browser)
    elif own:
        await machine.enter_number(actor, browser, own)


async def _answer(machine: Machine, actor: Actor, browser: Browser, state: SignInState) -> None:
    if state is SignInState.AWAITING_RELEASE_MAILBOX and not _has_release_code(machine, browser):
        await machine.begin_release(actor, browser)
    elif state is SignInState.AWAITING_FACTOR and await browser.method() is Factor.TOTP:
        await _answer_with_app(machine, actor, browser)
    elif state is SignInState.AWAITING_FACTOR and actor.app and Factor.PHONE in machine.seen.suspended:
        await factor_acts.choose(machine, actor, browser, Factor.TOTP)
    else:
        await machine.type_newest_code(actor, browser)


async def _answer_with_app(machine: Machine, actor: Actor, browser: Browser) -> None:
    if actor.app and Factor.TOTP not in machine.seen.suspended:
        await factor_acts.give_app_code(machine, actor, browser)
    else:
        await factor_acts.choose(machine, actor, browser, Factor.PHONE)


def _has_release_code(machine: Machine, browser: Browser) -> bool:
    sent = machine.seen.challenges.get(f"{CodePurpose.RELEASE_MAILBOX}.{browser.begun.id}")
    return sent is not None and sent.state is CodeState.LIVE and sent.expires_at > machine.world.clock.time
