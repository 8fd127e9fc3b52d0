"""Refusals of a sign-in: its password, its codes, and the choice of another method."""

from dataclasses import replace

from renumber.domain.challenge import CodePurpose
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.outcomes import Refusal
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.factors.lost import report_in_session
from renumber.flows.factors.suspended import restore_by_code, send_restore_code
from renumber.flows.sign_in.begin import give_password as try_password
from renumber.flows.sign_in.method import choose_method
from renumber.flows.sign_in.prove import prove_factor, prove_mailbox, send_again
from renumber.policies.limits import Limits
from tests.builders import WRONG
from tests.flows.factors.suspension import suspend
from tests.flows.factors.totp import add_app
from tests.flows.person import Browser, Person
from tests.flows.refusals.case import Cases, Refused, give_password, in_session, in_sign_in
from tests.flows.slow_passwords import let_happen
from tests.flows.world import with_rules

CASES = Cases()
WRONG_PASSWORD = "not the password"
NOBODY_S = EmailAddress("nobody@example.com")


def password(person: Person, given: str, email: EmailAddress | None = None) -> Refused:
    """Give a password in the browser of the person."""
    browser = person.browser
    return try_password(person.world.services, browser.client, email or EmailAddress(person.email), password=given)


@CASES.refused(Refusal.WRONG_CREDENTIALS)
async def wrong_password(erika: Person) -> Refused:
    return password(erika, WRONG_PASSWORD)


@CASES.refused(Refusal.WRONG_CREDENTIALS, of_nobody=True)
async def password_of_nobody(erika: Person) -> Refused:
    return password(erika, WRONG_PASSWORD, NOBODY_S)


@CASES.refused(Refusal.TOO_MANY_SIGN_INS)
async def too_many_wrong_passwords(erika: Person) -> Refused:
    for _ in range(erika.world.limits.free_sign_in_failures):
        await password(erika, WRONG_PASSWORD)
    return password(erika, erika.password)


@CASES.refused(Refusal.TOO_MANY_SIGN_INS, of_nobody=True)
async def too_many_passwords_of_nobody(erika: Person) -> Refused:
    for _ in range(erika.world.limits.free_sign_in_failures):
        await password(erika, WRONG_PASSWORD, NOBODY_S)
    return password(erika, WRONG_PASSWORD, NOBODY_S)


@CASES.refused(Refusal.WRONG_CREDENTIALS)
async def password_that_was_changed_while_it_was_compared(erika: Person) -> Refused:
    former = erika.password
    let_happen(erika.world, lambda: erika.choose_password("vurmix gapolde 27"))
    return password(erika, former)


@CASES.refused(Refusal.WRONG_CODE)
async def wrong_code(erika: Person) -> Refused:
    return in_sign_in(await give_password(erika), prove_factor, WRONG)


@CASES.refused(Refusal.TOO_MANY_WRONG_CODES)
async def fifth_wrong_code(erika: Person) -> Refused:
    browser = await give_password(erika)
    for _ in range(4):
        await browser.type_code(WRONG)
    return in_sign_in(browser, prove_factor, WRONG)


@CASES.refused(Refusal.TOO_MANY_WRONG_CODES)
async def right_code_after_five_wrong_ones(erika: Person) -> Refused:
    browser = await give_password(erika)
    for _ in range(5):
        await browser.type_code(WRONG)
    return in_sign_in(browser, prove_factor, await erika.code(CodePurpose.SIGN_IN))


async def wrong_codes(erika: Person, count: int) -> Browser:
    """So many wrong codes in a row, over as many codes as it takes."""
    browser = await give_password(erika)
    for turn in range(count):
        if turn and turn % 4 == 0:
            erika.world.clock.move(minutes=11)
            await browser.send_again()
        await browser.type_code(WRONG)
    return browser


@CASES.refused(Refusal.WRONG_CODE_WARNED)
async def eighth_wrong_code(erika: Person) -> Refused:
    return in_sign_in(await wrong_codes(erika, 7), prove_factor, WRONG)


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def tenth_wrong_code(erika: Person) -> Refused:
    return in_sign_in(await wrong_codes(erika, 9), prove_factor, WRONG)


@CASES.refused(Refusal.FACTOR_DISABLED)
async def last_guess_below_the_ceiling(erika: Person) -> Refused:
    browser = await wrong_codes(erika, 1)
    async with erika.world.services.store.work(erika.account_id) as work:
        phone = await work.load(FactorStatus, Factor.PHONE)
        assert phone
        work.keep(replace(phone, guesses=Limits().guess_ceiling - 1))
    return in_sign_in(browser, prove_factor, WRONG)


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def code_of_a_suspended_phone(erika: Person) -> Refused:
    await suspend(erika, await give_password(erika))
    return in_sign_in(erika.browser, prove_factor, await erika.code(CodePurpose.SIGN_IN))


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def send_to_a_suspended_phone(erika: Person) -> Refused:
    await suspend(erika, await give_password(erika))
    return in_sign_in(erika.browser, send_again)


@CASES.refused(Refusal.CODE_EXPIRED_NEW_ONE_SENT)
async def code_that_came_too_late(erika: Person) -> Refused:
    browser = await give_password(erika)
    erika.world.clock.move(minutes=11)
    return in_sign_in(browser, prove_factor, await erika.code(CodePurpose.SIGN_IN))


@CASES.refused(Refusal.CODE_EXPIRED)
async def code_that_came_too_late_after_many(erika: Person) -> Refused:
    for _ in range(erika.world.limits.sends_per_day):
        await give_password(erika)
        erika.world.clock.move(minutes=11)
    return in_sign_in(erika.browser, prove_factor, await erika.code(CodePurpose.SIGN_IN))


@CASES.refused(Refusal.NO_CODE)
async def code_that_was_used(erika: Person) -> Refused:
    browser = await give_password(erika)
    await in_sign_in(browser, send_restore_code)
    code = await erika.code(CodePurpose.RESTORE)
    await in_sign_in(browser, restore_by_code, code)
    return in_sign_in(browser, restore_by_code, code)


@CASES.refused(Refusal.SEND_TOO_SOON)
async def send_again_too_soon(erika: Person) -> Refused:
    return in_sign_in(await give_password(erika), send_again)


@CASES.refused(Refusal.SEND_LIMIT_REACHED)
async def send_again_too_often(erika: Person) -> Refused:
    for _ in range(erika.world.limits.sends_per_day):
        await give_password(erika)
        erika.world.clock.move(minutes=11)
    return in_sign_in(await give_password(erika), send_again)


@CASES.refused(Refusal.NOT_NOW)
async def send_again_where_no_code_is_asked_for(erika: Person) -> Refused:
    await add_app(erika)
    return in_sign_in(await give_password(erika), send_again)


@CASES.refused(Refusal.WRONG_CODE)
async def wrong_code_of_the_mailbox(erika: Person) -> Refused:
    await erika.reset_number()
    return in_sign_in(await give_password(erika, Browser(erika.world)), prove_mailbox, WRONG)


@CASES.refused(Refusal.SEND_TOO_SOON)
async def send_restore_code_too_soon(erika: Person) -> Refused:
    await in_sign_in(await give_password(erika), send_restore_code)
    return in_sign_in(erika.browser, send_restore_code)


@CASES.refused(Refusal.NO_CODE)
async def restore_without_a_code(erika: Person) -> Refused:
    return in_sign_in(await give_password(erika), restore_by_code, WRONG)


@CASES.refused(Refusal.FACTOR_UNKNOWN)
async def choose_what_one_has_not(erika: Person) -> Refused:
    return in_sign_in(await give_password(erika), choose_method, Factor.TOTP)


@CASES.refused(Refusal.REPORTED_LOST)
async def choose_what_was_lost(erika: Person) -> Refused:
    await add_app(erika)
    await in_session(erika.browser, report_in_session, Factor.TOTP)
    return in_sign_in(await give_password(erika), choose_method, Factor.TOTP)


@CASES.refused(Refusal.NOT_NOW)
async def choose_while_a_release_waits(erika: Person) -> Refused:
    services, client = erika.world.services, erika.browser.client
    await freeze_by_operator(services, client, erika.account_id, "a call")
    return in_sign_in(await give_password(erika), choose_method, Factor.PHONE)


async def after_reset(erika: Person) -> Browser:
    """With an app, after the reset of the number, in a browser that has given the password."""
    await add_app(erika)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())
    return await give_password(erika)


@CASES.refused(Refusal.NEEDS_ANOTHER_FACTOR)
async def choose_the_number_where_a_factor_is_demanded(erika: Person) -> Refused:
    erika.world.services = with_rules(erika.world.services, reenrolment_requires_factor=True)
    return in_sign_in(await after_reset(erika), choose_method, Factor.PHONE)


@CASES.refused(Refusal.NEEDS_ASKING_BROWSER)
async def choose_the_number_in_another_browser(erika: Person) -> Refused:
    await after_reset(erika)
    return in_sign_in(await give_password(erika, Browser(erika.world)), choose_method, Factor.PHONE)


@CASES.refused(Refusal.FACTOR_UNKNOWN)
async def choose_the_number_that_nothing_asks_for(erika: Person) -> Refused:
    browser = await after_reset(erika)
    async with erika.world.services.store.work(erika.account_id) as work:
        change = await work.open_change()
        assert change
        work.keep(change.stop(erika.world.clock.time).state)
    await give_password(erika)
    return in_sign_in(browser, choose_method, Factor.PHONE)
