"""Refusals around a password that was renewed by mail: of what takes an older factor, and of the wait in its place."""

from dataclasses import replace

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.number_history import NumberHistory
from renumber.domain.outcomes import Refusal
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.mailed_password import wait_instead
from renumber.flows.account.release import begin_release
from renumber.flows.factors.totp import prove_totp, remove_totp
from renumber.flows.phone_change.request import request_change
from renumber.flows.sign_in.method import choose_method
from tests.flows.factors.totp import add_app, shown
from tests.flows.person import Browser, Person
from tests.flows.refusals.case import Cases, Refused, give_password, in_session, in_sign_in

CASES = Cases()
WORDS = "vurmix gapolde 27"


async def renew(erika: Person) -> None:
    erika.world.clock.move(minutes=11)
    await erika.choose_password(WORDS)
    erika.world.clock.move(minutes=11)


async def renewed(erika: Person) -> Browser:
    """A session by a text, after the password was renewed by mail."""
    await renew(erika)
    return await erika.sign_in()


@CASES.refused(Refusal.NEEDS_OLDER_FACTOR)
async def ask_by_a_text_alone(erika: Person) -> Refused:
    return in_session(await renewed(erika), request_change)


@CASES.refused(Refusal.NEEDS_OLDER_FACTOR)
async def remove_by_a_text_alone(erika: Person) -> Refused:
    await add_app(erika)
    await renew(erika)
    await give_password(erika)
    await erika.browser.choose(Factor.PHONE)
    assert await erika.sign_in_with_phone()
    await erika.prove_again()
    return in_session(erika.browser, remove_totp)


@CASES.refused(Refusal.NOT_NOW)
async def wait_for_nothing(erika: Person) -> Refused:
    return in_session(await erika.sign_in(), wait_instead)


async def waiting_for_release(erika: Person) -> Browser:
    """A frozen account whose two codes were right."""
    await renew(erika)
    await freeze_by_operator(erika.world.services, erika.browser.client, erika.account_id, "a call")
    browser = await give_password(erika)
    await in_sign_in(browser, begin_release)
    await browser.type_code(await erika.code(CodePurpose.RELEASE_MAILBOX))
    await browser.type_code(await erika.code(CodePurpose.RELEASE_NUMBER))
    return browser


@CASES.refused(Refusal.FACTOR_UNKNOWN)
async def release_by_the_phone_instead_of_waiting(erika: Person) -> Refused:
    return in_sign_in(await waiting_for_release(erika), choose_method, Factor.PHONE)


@CASES.refused(Refusal.NEEDS_OLDER_FACTOR)
async def release_by_an_app_that_came_after_the_password(erika: Person) -> Refused:
    await renew(erika)
    key = await add_app(erika)
    browser = await frozen_at_the_app(erika)
    return in_sign_in(browser, prove_totp, shown(erika.world, key))


async def frozen_at_the_app(erika: Person) -> Browser:
    await freeze_by_operator(erika.world.services, erika.browser.client, erika.account_id, "a call")
    erika.world.clock.move(minutes=11)
    browser = await give_password(erika)
    await in_sign_in(browser, begin_release)
    await browser.type_code(await erika.code(CodePurpose.RELEASE_MAILBOX))
    await browser.type_code(await erika.code(CodePurpose.RELEASE_NUMBER))
    await browser.choose(Factor.TOTP)
    return browser


@CASES.refused(Refusal.RELEASE_NEEDS_NUMBER)
async def release_by_an_app_without_any_number(erika: Person) -> Refused:
    key = await add_app(erika)
    await renew(erika)
    browser = await frozen_at_the_app(erika)
    async with erika.world.services.store.work(erika.account_id) as work:
        work.keep(replace(work.account, numbers=NumberHistory()))
    return in_sign_in(browser, prove_totp, shown(erika.world, key))
