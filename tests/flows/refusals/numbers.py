"""Refusals of a phone change: the request, its link, and the new number."""

from dataclasses import replace

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.sign_in import SignIn
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.factors.lost import report_in_session
from renumber.flows.organisations.waiting import go_on_with_change
from renumber.flows.phone_change.link import press_link
from renumber.flows.phone_change.new_number import begin_in_session, enter_number, keep_old_number, prove_number
from renumber.flows.phone_change.request import cancel_change, request_change, send_link_again
from renumber.policies.numbers import NumberRules
from tests.builders import NEW, OLD, OTHER, WRONG
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.person import Browser, Person, a_person
from tests.flows.refusals.case import Cases, Refused, give_password, in_session, in_sign_in
from tests.flows.refusals.openings import signed_in_without_factor
from tests.flows.world import with_rules

CASES = Cases()


async def signed_in_after_reset(erika: Person) -> Browser:
    """A session of the app, of an account whose number was reset."""
    key = await add_app(erika)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())
    await give_code(await give_password(erika), shown(erika.world, key))
    return erika.browser


async def asked(erika: Person) -> str:
    """Ask for a change, and give the token of its link."""
    await erika.sign_in()
    await erika.ask_for_change()
    return await erika.link()


@CASES.refused(Refusal.NEEDS_SECOND_FACTOR)
async def request_without_a_factor(erika: Person) -> Refused:
    return in_session(await signed_in_without_factor(erika), request_change)


@CASES.refused(Refusal.NO_NUMBER)
async def request_without_a_number(erika: Person) -> Refused:
    return in_session(await signed_in_after_reset(erika), request_change)


@CASES.refused(Refusal.NEEDS_ANOTHER_FACTOR)
async def request_without_the_demanded_factor(erika: Person) -> Refused:
    await erika.sign_in()
    erika.world.services = with_rules(erika.world.services, reenrolment_requires_factor=True)
    return in_session(erika.browser, request_change)


@CASES.refused(Refusal.CHANGE_ALREADY_OPEN)
async def request_twice(erika: Person) -> Refused:
    await asked(erika)
    return in_session(erika.browser, request_change)


@CASES.refused(Refusal.SEND_LIMIT_REACHED)
async def request_too_often(erika: Person) -> Refused:
    await erika.sign_in()
    for _ in range(erika.world.limits.sends_per_window):
        await in_session(erika.browser, request_change)
        await in_session(erika.browser, cancel_change)
    return in_session(erika.browser, request_change)


@CASES.refused(Refusal.NO_OPEN_CHANGE)
async def send_the_link_of_no_change(erika: Person) -> Refused:
    return in_session(await erika.sign_in(), send_link_again)


@CASES.refused(Refusal.SEND_TOO_SOON)
async def send_the_link_too_soon(erika: Person) -> Refused:
    await asked(erika)
    return in_session(erika.browser, send_link_again)


@CASES.refused(Refusal.SEND_LIMIT_REACHED)
async def send_the_link_too_often(erika: Person) -> Refused:
    await asked(erika)
    for _ in range(erika.world.limits.sends_per_window - 1):
        erika.world.clock.move(seconds=61)
        await in_session(erika.browser, send_link_again)
    erika.world.clock.move(seconds=61)
    return in_session(erika.browser, send_link_again)


@CASES.refused(Refusal.NO_OPEN_CHANGE)
async def cancel_no_change(erika: Person) -> Refused:
    return in_session(await erika.sign_in(), cancel_change)


@CASES.refused(Refusal.NO_OPEN_CHANGE)
async def cancel_after_the_reset(erika: Person) -> Refused:
    return in_session(await signed_in_after_reset(erika), cancel_change)


def press(erika: Person, token: str) -> Refused:
    """Press the link in the browser of its owner."""
    return press_link(erika.world.services, erika.browser.client, token)


@CASES.refused(Refusal.LINK_USED)
async def press_twice(erika: Person) -> Refused:
    token = await asked(erika)
    await press(erika, token)
    return press(erika, token)


@CASES.refused(Refusal.LINK_REPLACED)
async def press_an_older_link(erika: Person) -> Refused:
    token = await asked(erika)
    erika.world.clock.move(seconds=61)
    await in_session(erika.browser, send_link_again)
    return press(erika, token)


@CASES.refused(Refusal.LINK_EXPIRED)
async def press_too_late(erika: Person) -> Refused:
    token = await asked(erika)
    erika.world.clock.move(hours=24)
    return press(erika, token)


@CASES.refused(Refusal.LINK_CANCELLED)
async def press_a_cancelled_link(erika: Person) -> Refused:
    token = await asked(erika)
    await in_session(erika.browser, cancel_change)
    return press(erika, token)


@CASES.refused(Refusal.LINK_STOPPED)
async def press_a_stopped_link(erika: Person) -> Refused:
    token = await asked(erika)
    await freeze_by_operator(erika.world.services, erika.browser.client, erika.account_id, "a call")
    return press(erika, token)


@CASES.refused(Refusal.NEEDS_ANOTHER_FACTOR)
async def press_without_the_demanded_factor(erika: Person) -> Refused:
    erika.world.services = with_rules(erika.world.services, reenrolment_requires_factor=True)
    await add_app(erika)
    await erika.ask_for_change()
    await in_session(erika.browser, report_in_session, Factor.TOTP)
    return press(erika, await erika.link())


@CASES.refused(Refusal.NOT_NOW)
async def close_what_has_not_run_out(erika: Person) -> Refused:
    await erika.sign_in()
    change = await erika.ask_for_change()
    return go_on_with_change(erika.world.services, erika.account_id, change.change_id)


@CASES.refused(Refusal.NO_OPEN_CHANGE)
async def close_what_is_closed(erika: Person) -> Refused:
    await erika.sign_in()
    change = await erika.ask_for_change()
    await in_session(erika.browser, cancel_change)
    return go_on_with_change(erika.world.services, erika.account_id, change.change_id)


@CASES.refused(Refusal.NOT_NOW)
async def enter_a_number_where_one_is_bound(erika: Person) -> Refused:
    return in_session(await erika.sign_in(), begin_in_session)


@CASES.refused(Refusal.SEND_TOO_SOON)
async def enter_the_number_again_after_five_wrong_codes(erika: Person) -> Refused:
    await erika.reset_number()
    browser = await erika.reach_new_number()
    await browser.enter_number(NEW)
    for _ in range(5):
        await browser.type_code(WRONG)
    return in_sign_in(browser, enter_number, NEW)


@CASES.refused(Refusal.NUMBER_IS_OLD)
async def enter_the_old_number_as_the_new_one(erika: Person) -> Refused:
    await erika.reset_number()
    return in_sign_in(await erika.reach_new_number(), enter_number, OLD)


@CASES.refused(Refusal.NO_CODE)
async def prove_a_number_before_one_was_entered(erika: Person) -> Refused:
    await erika.reset_number()
    return in_sign_in(await erika.reach_new_number(), prove_number, WRONG)


@CASES.refused(Refusal.NUMBER_AT_CAPACITY)
async def prove_a_number_that_others_have(erika: Person) -> Refused:
    await a_person(erika.world, "otto@example.com", OTHER)
    erika.world.services = with_rules(erika.world.services, numbers=NumberRules(accounts_per_number=1))
    await erika.reset_number()
    browser = await erika.reach_new_number()
    await browser.enter_number(OTHER)
    code = [each.code for each in await erika.texts(Notice.NEW_NUMBER_CODE, number=OTHER)][-1]
    return in_sign_in(browser, prove_number, code)


async def without_its_change(erika: Person) -> Browser:
    """A browser at the page of the new number, whose sign-in is for no change, as no flow would leave it."""
    await erika.reset_number()
    browser = await erika.reach_new_number()
    async with erika.world.services.store.work(erika.account_id) as work:
        sign_in = await work.load(SignIn, browser.begun.id)
        assert sign_in
        work.keep(replace(sign_in, change_id=None))
    return browser


@CASES.refused(Refusal.NOT_NOW)
async def enter_a_number_for_no_change(erika: Person) -> Refused:
    return in_sign_in(await without_its_change(erika), enter_number, NEW)


@CASES.refused(Refusal.NOT_NOW)
async def keep_the_old_number_for_no_change(erika: Person) -> Refused:
    return in_sign_in(await without_its_change(erika), keep_old_number, OLD)


@CASES.refused(Refusal.NOT_NOW)
async def prove_a_number_for_no_change(erika: Person) -> Refused:
    return in_sign_in(await without_its_change(erika), prove_number, WRONG)
