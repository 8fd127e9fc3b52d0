"""There is no dead end: whatever happened, the owner gets in again, at worst with the operator's help."""

from datetime import timedelta

from renumber.domain.factor import Factor
from renumber.domain.number_history import Wanted
from renumber.domain.totp import STEP
from tests.flows.machine.actors import Actor
from tests.flows.machine.machine import Machine
from tests.flows.machine.next_step import go_on, renew_password
from tests.flows.person import Browser

TURNS = 30
QUOTAS_ARE_OVER = timedelta(hours=25)
SEND_AGAIN_AFTER = timedelta(minutes=2)


async def find_a_way_in(machine: Machine) -> None:
    """Come back after a day, as the owner, and try until a page of the account opens with an own number bound."""
    owner = machine.actors.by_name["owner"]
    browser = owner.browsers[0]
    machine.wait(QUOTAS_ARE_OVER)
    for _ in range(TURNS):
        if await _is_at_home(machine, owner, browser):
            return
        await _next(machine, owner, browser)
    raise AssertionError("the owner finds no way in")


async def _is_at_home(machine: Machine, owner: Actor, browser: Browser) -> bool:
    """Signed in with an own number; or robbed so long ago that the own number was forgotten, as PRODUCT.md says."""
    account = machine.seen.account
    is_forgotten = _is_robbed(machine, owner) and account.former_number is None
    return is_forgotten or (await browser.is_signed_in() and account.number in owner.phones)


async def _next(machine: Machine, owner: Actor, browser: Browser) -> None:
    if machine.seen.account.is_frozen:
        await _release(machine, owner, browser)
    elif _is_robbed(machine, owner):
        await machine.operator("operator freeze")
    elif owner.password != machine.ledger.password:
        await renew_password(machine, owner, browser)
    elif Factor.PHONE in machine.seen.account.lost and not owner.app:
        await machine.operator("operator freeze")
    elif machine.seen.suspended - machine.seen.account.lost and await browser.state() is not None:
        await _restore(machine, owner, browser)
    else:
        await _sign_in(machine, owner, browser)


def _is_robbed(machine: Machine, owner: Actor) -> bool:
    """Somebody with password and mailbox waited for a change that the owner had asked for, and everybody was told."""
    number = machine.seen.account.number
    return number is not None and number not in owner.phones


async def _release(machine: Machine, owner: Actor, browser: Browser) -> None:
    number = machine.seen.account.number_for_release(machine.world.clock.time)
    if owner.password != machine.ledger.password or number not in owner.phones or machine.seen.suspended:
        await machine.operator("operator release", Wanted.FORMER)
    else:
        await go_on(machine, owner, browser)
        if machine.log[-1].endswith("release_needs_number"):
            await machine.operator("operator release", Wanted.FORMER)


async def _restore(machine: Machine, owner: Actor, browser: Browser) -> None:
    before = machine.seen.suspended
    await machine.restore(owner, browser)
    if machine.seen.suspended == before:
        await renew_password(machine, owner, browser)


async def _sign_in(machine: Machine, owner: Actor, browser: Browser) -> None:
    """Go on, in this browser after a wait if it is not the one that asked."""
    logged = len(machine.log)
    await go_on(machine, owner, browser)
    refused = machine.log[-1] if len(machine.log) > logged else ""
    if refused.endswith("code_used"):
        machine.wait(timedelta(seconds=STEP))
    elif refused.endswith(("no_code", "wrong_code", "wrong_codes")):
        machine.wait(SEND_AGAIN_AFTER)
        await machine.send_again(owner, browser)
