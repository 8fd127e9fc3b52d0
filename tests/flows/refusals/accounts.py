"""Refusals around a whole account: freezing, releasing, and a password by mail."""

from collections.abc import Awaitable
from dataclasses import replace

from renumber.domain.challenge import CodePurpose
from renumber.domain.email_address import EmailAddress
from renumber.domain.messages.message import Notice
from renumber.domain.number_history import NumberHistory, Wanted
from renumber.domain.outcomes import Refusal
from renumber.flows.account.freeze import freeze_by_link, freeze_by_operator
from renumber.flows.account.freeze_by_person import freeze_by_person
from renumber.flows.account.invite import invite
from renumber.flows.account.password_reset import choose_password, forget_password
from renumber.flows.account.release import (
    begin_release,
    prove_release_mailbox,
    prove_release_number,
    release_by_operator,
)
from renumber.flows.factors.suspended import restore_mailbox
from tests.builders import NEW, OLD, WRONG
from tests.flows.account.release import begin, frozen
from tests.flows.factors.suspension import guess, suspend
from tests.flows.person import Browser, Person
from tests.flows.refusals.case import Cases, Refused, give_password, in_sign_in
from tests.flows.slow_passwords import let_happen

CASES = Cases()
WORDS = "vurmix gapolde 27"


async def freeze(erika: Person) -> None:
    """Freeze the account by the operator."""
    await freeze_by_operator(erika.world.services, erika.browser.client, erika.account_id, "a call")


async def stop_link(erika: Person) -> str:
    """The token of a "This wasn't me" that names no change."""
    await erika.choose_password(WORDS)
    return (await erika.mails(Notice.PASSWORD_CHANGED))[-1].stop


def freeze_with(erika: Person, token: str) -> Refused:
    """Freeze the account with the link."""
    return freeze_by_link(erika.world.services, erika.browser.client, token)


@CASES.refused(Refusal.ACCOUNT_FROZEN)
async def freeze_what_is_frozen(erika: Person) -> Refused:
    await freeze(erika)
    return freeze_by_operator(erika.world.services, erika.browser.client, erika.account_id, "again")


@CASES.refused(Refusal.ACCOUNT_FROZEN)
async def freeze_what_is_frozen_by_a_link(erika: Person) -> Refused:
    token = await stop_link(erika)
    await freeze(erika)
    return freeze_with(erika, token)


@CASES.refused(Refusal.LINK_EXPIRED)
async def freeze_too_late(erika: Person) -> Refused:
    token = await stop_link(erika)
    erika.world.clock.move(days=7)
    return freeze_with(erika, token)


@CASES.refused(Refusal.NOTHING_TO_STOP)
async def freeze_twice_by_one_link(erika: Person) -> Refused:
    token = await stop_link(erika)
    await freeze_with(erika, token)
    await release_by_operator(erika.world.services, erika.browser.client, erika.account_id, "a call")
    return freeze_with(erika, token)


@CASES.refused(Refusal.NOT_CONFIRMED)
async def freeze_as_a_scanner_does(erika: Person) -> Refused:
    token = await stop_link(erika)
    return freeze_by_person(erika.world.services, Browser(erika.world).client, token, typed="")


@CASES.refused(Refusal.CHANNEL_LEFT)
async def freeze_from_a_number_that_has_left(erika: Person) -> Refused:
    await erika.change_number(NEW)
    token = (await erika.texts(Notice.NUMBER_CHANGED, number=OLD))[-1].stop
    await freeze(erika)
    at = erika.browser.client
    await release_by_operator(erika.world.services, at, erika.account_id, "a call", wanted=Wanted.PRESENT)
    return freeze_with(erika, token)


@CASES.refused(Refusal.ACCOUNT_NOT_FROZEN)
async def release_what_is_not_frozen(erika: Person) -> Refused:
    return release_by_operator(erika.world.services, erika.browser.client, erika.account_id, "a call")


async def at_release(erika: Person) -> Browser:
    """A browser that has given the password of an account which was frozen after its change."""
    await frozen(erika)
    return await give_password(erika)


@CASES.refused(Refusal.RELEASE_NEEDS_NUMBER)
async def begin_release_without_any_number(erika: Person) -> Refused:
    await freeze(erika)
    async with erika.world.services.store.work(erika.account_id) as work:
        work.keep(replace(work.account, numbers=NumberHistory()))
    return in_sign_in(await give_password(erika), begin_release)


@CASES.refused(Refusal.SEND_TOO_SOON)
async def begin_release_twice(erika: Person) -> Refused:
    browser = await at_release(erika)
    await in_sign_in(browser, begin_release)
    return in_sign_in(browser, begin_release)


@CASES.refused(Refusal.NO_CODE)
async def prove_the_mailbox_of_a_release_before_a_code_was_sent(erika: Person) -> Refused:
    return in_sign_in(await at_release(erika), prove_release_mailbox, WRONG)


@CASES.refused(Refusal.WRONG_CODE)
async def wrong_code_of_the_number_of_a_release(erika: Person) -> Refused:
    await frozen(erika)
    await begin(erika)
    await erika.browser.type_code(await erika.code(CodePurpose.RELEASE_MAILBOX))
    return in_sign_in(erika.browser, prove_release_number, WRONG)


@CASES.refused(Refusal.RELEASE_PAUSED)
async def code_of_a_release_that_was_guessed_at(erika: Person) -> Refused:
    await frozen(erika)
    await begin(erika)
    await guess(erika, erika.browser, until=Refusal.RELEASE_PAUSED)
    return in_sign_in(erika.browser, prove_release_mailbox, WRONG)


@CASES.refused(Refusal.RELEASE_PAUSED)
async def begin_release_that_was_guessed_at(erika: Person) -> Refused:
    await frozen(erika)
    await begin(erika)
    await guess(erika, erika.browser, until=Refusal.RELEASE_PAUSED)
    return in_sign_in(await give_password(erika), begin_release)


def forget(erika: Person, email: str) -> Awaitable[None]:
    """Ask for a link to choose a password."""
    return forget_password(erika.world.services, erika.browser.client, EmailAddress(email))


@CASES.refused(Refusal.WRONG_CREDENTIALS, of_nobody=True, is_silent=True)
async def password_link_of_nobody(erika: Person) -> Refused:
    return forget(erika, "nobody@example.com")


@CASES.refused(Refusal.SEND_LIMIT_REACHED, is_silent=True)
async def password_links_too_often(erika: Person) -> Refused:
    for _ in range(erika.world.limits.sends_per_window):
        await forget(erika, erika.email)
    return forget(erika, erika.email)


@CASES.refused(Refusal.RELEASE_NEEDS_NUMBER, is_silent=True)
async def forgotten_password_of_a_frozen_account_without_a_number(erika: Person) -> Refused:
    await freeze(erika)
    async with erika.world.services.store.work(erika.account_id) as work:
        work.keep(replace(work.account, numbers=NumberHistory()))
    return forget(erika, erika.email)


@CASES.refused(Refusal.NOT_NOW)
async def invitation_to_who_has_a_password(erika: Person) -> Refused:
    return invite(erika.world.services, erika.browser.client, erika.account_id)


@CASES.refused(Refusal.ACCOUNT_FROZEN)
async def invitation_to_a_frozen_account(erika: Person) -> Refused:
    async with erika.world.services.store.work(erika.account_id) as work:
        work.keep(replace(work.account, password_hash=""))
    await freeze(erika)
    return invite(erika.world.services, erika.browser.client, erika.account_id)


def choose(erika: Person, token: str, password: str = WORDS) -> Refused:
    """Choose a password by the link."""
    return choose_password(erika.world.services, erika.browser.client, token, password=password)


@CASES.refused(Refusal.PASSWORD_TOO_SHORT)
async def password_too_short(erika: Person) -> Refused:
    return choose(erika, await erika.forget_password(), "short")


@CASES.refused(Refusal.PASSWORD_TOO_LONG)
async def password_too_long(erika: Person) -> Refused:
    return choose(erika, await erika.forget_password(), "x" * 129)


@CASES.refused(Refusal.PASSWORD_TOO_COMMON)
async def password_too_common(erika: Person) -> Refused:
    return choose(erika, await erika.forget_password(), "password1")


@CASES.refused(Refusal.LINK_USED)
async def password_link_used(erika: Person) -> Refused:
    token = await erika.forget_password()
    await choose(erika, token)
    return choose(erika, token)


@CASES.refused(Refusal.LINK_REPLACED)
async def password_link_replaced(erika: Person) -> Refused:
    token = await erika.forget_password()
    await erika.forget_password()
    return choose(erika, token)


@CASES.refused(Refusal.LINK_EXPIRED)
async def password_link_expired(erika: Person) -> Refused:
    token = await erika.forget_password()
    erika.world.clock.move(hours=1)
    return choose(erika, token)


@CASES.refused(Refusal.ACCOUNT_FROZEN)
async def password_frozen_meanwhile(erika: Person) -> Refused:
    token = await erika.forget_password()
    let_happen(erika.world, lambda: freeze(erika))
    return choose(erika, token)


async def suspended_mailbox(erika: Person) -> str:
    """Guess at codes to the mailbox until it is suspended, and give the token of the link that restores it."""
    await erika.reset_number()
    await suspend(erika, await give_password(erika, Browser(erika.world)))
    return (await erika.mails(Notice.MAILBOX_SUSPENDED))[-1].action


@CASES.refused(Refusal.LINK_EXPIRED)
async def restore_mailbox_too_late(erika: Person) -> Refused:
    token = await suspended_mailbox(erika)
    erika.world.clock.move(days=7)
    return restore_mailbox(erika.world.services, erika.browser.client, token)


@CASES.refused(Refusal.LINK_USED)
async def restore_mailbox_twice(erika: Person) -> Refused:
    token = await suspended_mailbox(erika)
    await restore_mailbox(erika.world.services, erika.browser.client, token)
    return restore_mailbox(erika.world.services, erika.browser.client, token)
