"""Refusals of authenticator apps and recovery codes, and of what was reported lost."""

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.totp import STEP, Slot, TotpKey
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.factors.lost import report_at_sign_in, report_in_session, restore_lost
from renumber.flows.factors.recovery_codes import make_set, prove_code, remove_set
from renumber.flows.factors.totp import begin_totp, confirm_totp, prove_totp, remove_totp
from tests.builders import NEW, WRONG
from tests.flows.factors.recovery_codes import make, turn_to_codes, with_codes
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.person import Browser, Person
from tests.flows.refusals.case import Cases, Refused, give_password, in_session, in_sign_in
from tests.flows.refusals.numbers import signed_in_after_reset

CASES = Cases()
NO_CODE = "CCCC-CCCC-CCCC-CCCC"


async def with_app(erika: Person) -> Browser:
    """A session of somebody who has an app, with a code from the phone."""
    await add_app(erika)
    return erika.browser


async def with_app_after_a_change(erika: Person) -> Browser:
    """The same, where the number was changed a moment ago."""
    await add_app(erika)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())
    await give_password(erika)
    await erika.browser.choose(Factor.PHONE)
    await erika.bind(NEW)
    await erika.prove_again()
    return erika.browser


async def tell_twenty_times(erika: Person) -> Browser:
    """Begin so many apps that no text tells of another one today."""
    browser = await erika.sign_in_to_manage()
    for _ in range(20):
        await in_session(browser, begin_totp)
    return browser


@CASES.refused(Refusal.FACTOR_HELD)
async def begin_app_after_a_change(erika: Person) -> Refused:
    return in_session(await with_app_after_a_change(erika), begin_totp)


@CASES.refused(Refusal.SEND_LIMIT_REACHED)
async def begin_app_too_often(erika: Person) -> Refused:
    return in_session(await tell_twenty_times(erika), begin_totp)


@CASES.refused(Refusal.NOT_NOW)
async def confirm_app_that_was_not_begun(erika: Person) -> Refused:
    return in_session(await erika.sign_in_to_manage(), confirm_totp, WRONG)


@CASES.refused(Refusal.WRONG_APP_CODE)
async def confirm_app_with_a_wrong_code(erika: Person) -> Refused:
    await in_session(await erika.sign_in_to_manage(), begin_totp)
    return in_session(erika.browser, confirm_totp, "no code")


@CASES.refused(Refusal.FACTOR_UNKNOWN)
async def remove_no_app(erika: Person) -> Refused:
    return in_session(await erika.sign_in_to_manage(), remove_totp)


@CASES.refused(Refusal.FACTOR_HELD)
async def remove_app_after_a_change(erika: Person) -> Refused:
    return in_session(await with_app_after_a_change(erika), remove_totp)


@CASES.refused(Refusal.LAST_FACTOR)
async def remove_app_without_a_number(erika: Person) -> Refused:
    browser = await signed_in_after_reset(erika)
    await erika.prove_again()
    return in_session(browser, remove_totp)


@CASES.refused(Refusal.WRONG_CODE)
async def wrong_code_of_the_app(erika: Person) -> Refused:
    await with_app(erika)
    return in_sign_in(await give_password(erika), prove_totp, "no code")


@CASES.refused(Refusal.CODE_USED)
async def code_of_the_app_that_was_used(erika: Person) -> Refused:
    key = await add_app(erika)
    code = shown(erika.world, key)
    await erika.browser.give_password(erika.email)
    await give_code(erika.browser, code)
    await erika.browser.give_password(erika.email)
    return in_sign_in(erika.browser, prove_totp, code)


async def suspend_app(erika: Person) -> Browser:
    """Give wrong codes until the app is suspended."""
    await with_app(erika)
    browser = await give_password(erika)
    for _ in range(erika.world.limits.suspend_after):
        await give_code(browser, "no code")
    return browser


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def code_of_a_suspended_app(erika: Person) -> Refused:
    return in_sign_in(await suspend_app(erika), prove_totp, WRONG)


@CASES.refused(Refusal.FACTOR_UNKNOWN)
async def code_of_an_app_whose_key_is_gone(erika: Person) -> Refused:
    await with_app(erika)
    async with erika.world.services.store.work(erika.account_id) as work:
        key = await work.load(TotpKey, Slot.IN_USE)
        assert key
        work.keep(key.remove(erika.world.clock.time))
    return in_sign_in(await give_password(erika), prove_totp, WRONG)


@CASES.refused(Refusal.CODES_SHOWN)
async def make_codes_from_an_old_page(erika: Person) -> Refused:
    await with_codes(erika)
    return in_session(erika.browser, make_set, "")


@CASES.refused(Refusal.SEND_LIMIT_REACHED)
async def make_codes_too_often(erika: Person) -> Refused:
    return in_session(await tell_twenty_times(erika), make_set, "")


@CASES.refused(Refusal.WRONG_CODE)
async def wrong_recovery_code(erika: Person) -> Refused:
    await with_codes(erika)
    return in_sign_in(await turn_to_codes(erika), prove_code, NO_CODE)


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def code_of_a_suspended_set(erika: Person) -> Refused:
    codes = await with_codes(erika)
    browser = await turn_to_codes(erika)
    for _ in range(erika.world.limits.suspend_after):
        await in_sign_in(browser, prove_code, NO_CODE)
    return in_sign_in(browser, prove_code, codes[0])


@CASES.refused(Refusal.FACTOR_UNKNOWN)
async def code_of_a_method_that_is_gone(erika: Person) -> Refused:
    codes = await with_codes(erika)
    browser = await turn_to_codes(erika)
    async with erika.world.services.store.work(erika.account_id) as work:
        work.keep(work.account.remove_factor(Factor.RECOVERY_CODE).state)
    return in_sign_in(browser, prove_code, codes[0])


@CASES.refused(Refusal.FACTOR_UNKNOWN)
async def remove_no_codes(erika: Person) -> Refused:
    return in_session(await erika.sign_in_to_manage(), remove_set)


@CASES.refused(Refusal.NOT_NOW)
async def report_lost_while_a_release_waits(erika: Person) -> Refused:
    await with_app(erika)
    services, client = erika.world.services, erika.browser.client
    await freeze_by_operator(services, client, erika.account_id, "a call")
    return in_sign_in(await give_password(erika), report_at_sign_in, Factor.TOTP)


@CASES.refused(Refusal.ONLY_WAY_IN)
async def report_the_only_factor_lost(erika: Person) -> Refused:
    return in_sign_in(await give_password(erika), report_at_sign_in, Factor.PHONE)


@CASES.refused(Refusal.OTHERS_TOO_NEW)
async def report_lost_beside_what_is_new(erika: Person) -> Refused:
    await with_app(erika)
    return in_sign_in(await give_password(erika), report_at_sign_in, Factor.PHONE)


@CASES.refused(Refusal.FACTOR_UNKNOWN)
async def report_lost_what_one_has_not(erika: Person) -> Refused:
    return in_session(await erika.sign_in_to_manage(), report_in_session, Factor.TOTP)


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def report_lost_twice(erika: Person) -> Refused:
    browser = await with_app(erika)
    await in_session(browser, report_in_session, Factor.TOTP)
    return in_session(browser, report_in_session, Factor.TOTP)


@CASES.refused(Refusal.NEEDS_ANOTHER_FACTOR)
async def restore_on_its_own_word(erika: Person) -> Refused:
    key = await add_app(erika)
    await give_code(await give_password(erika), shown(erika.world, key))
    erika.world.clock.move(seconds=STEP)
    await erika.prove_again()
    await in_session(erika.browser, report_in_session, Factor.TOTP)
    return in_session(erika.browser, restore_lost, Factor.TOTP)


@CASES.refused(Refusal.NOT_NOW)
async def restore_what_was_not_lost(erika: Person) -> Refused:
    return in_session(await with_app(erika), restore_lost, Factor.TOTP)


@CASES.refused(Refusal.FACTOR_HELD)
async def make_codes_after_a_change(erika: Person) -> Refused:
    await erika.sign_in_to_manage()
    standing = (await make(erika)).kept
    erika.world.clock.move(seconds=1)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())
    await erika.reach_new_number()
    await erika.bind(NEW)
    await erika.prove_again()
    return in_session(erika.browser, make_set, standing.made_at.isoformat())
