"""A change that waits for a company: who confirms it, what the person sees, and that it waits for nobody for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.housekeeping import keep_house
from renumber.flows.organisations.answers import Answer
from renumber.flows.organisations.manage import dismiss_administrator, leave_organisation, set_organisation
from renumber.flows.phone_change.request import cancel_change, send_link_again
from tests.builders import NEW
from tests.flows.organisations.company import (
    OPERATOR,
    Company,
    a_company,
    a_waiting_change,
    asked_mails,
    says,
)
from tests.flows.person import Browser, Person
from tests.flows.world import World, with_rules


@pytest.fixture
async def company(world: World) -> Company:
    """A company whose people's changes wait."""
    return await a_company(world)


@pytest.fixture
async def either_company(either_world: World) -> Company:
    """The same on either database."""
    return await a_company(either_world)


async def state_of(world: World, person: Person, change_id: str) -> ChangeState:
    change = await world.services.store.find_change(person.account_id, change_id)
    assert change
    return change.state


async def later(world: World, by: timedelta) -> None:
    world.clock.time += by
    await keep_house(world.services, world.chores)


async def test_a_change_waits_and_its_link_comes_once_an_administrator_has_confirmed(either_company: Company) -> None:
    company = either_company
    administrator, erika = await company.administrator(), await company.employee("erika")
    change = await a_waiting_change(erika)
    assert change.state is ChangeState.AWAITING_COMPANY
    assert await erika.mails(Notice.CHANGE_REQUESTED) == []
    assert len(await erika.mails(Notice.CHANGE_WAITS)) == 1
    assert await asked_mails(administrator) == 1

    assert (await says(administrator, Answer.YES, change)).refusal is None

    [mail] = await erika.mails(Notice.CHANGE_REQUESTED)
    assert mail.message.params["company"] == "yes"
    assert (await erika.browser.press(mail.action)).refusal is None
    await erika.reach_new_number()
    await erika.bind(NEW)
    assert (await company.world.account(erika.account_id)).number == NEW
    [done] = (await company.page()).recent
    assert (done.state, done.answered_by) == (ChangeState.COMPLETED, administrator.account_id)
    assert "change_confirmed" in await company.world.history(erika.account_id)
    assert "company_replied" in await company.world.history(administrator.account_id)


async def test_a_refused_change_is_over_the_number_stays_and_the_person_may_ask_again(company: Company) -> None:
    administrator, erika = await company.administrator(), await company.employee()
    change = await a_waiting_change(erika)

    assert (await says(administrator, Answer.NO, change)).refusal is None

    assert await state_of(company.world, erika, change.change_id) is ChangeState.REFUSED
    assert (await company.world.account(erika.account_id)).number == erika.number
    [mail] = await erika.mails(Notice.COMPANY_ANSWERED)
    assert (mail.message.params["about"], mail.message.params["answer"]) == ("change", "no")
    assert (await says(administrator, Answer.YES, change)).refusal is Refusal.NO_OPEN_CHANGE
    assert (await erika.ask_for_change()).state is ChangeState.AWAITING_COMPANY
    assert "company_replied" in await company.world.history(administrator.account_id)


async def test_what_nobody_answers_expires_and_the_person_is_told(either_company: Company) -> None:
    company = either_company
    administrator, erika = await company.administrator(), await company.employee()
    change = await a_waiting_change(erika)
    wait = company.world.limits.company_wait_for

    await later(company.world, wait - timedelta(seconds=1))
    assert await state_of(company.world, erika, change.change_id) is ChangeState.AWAITING_COMPANY
    await later(company.world, timedelta(seconds=1))

    assert await state_of(company.world, erika, change.change_id) is ChangeState.EXPIRED
    assert len(await erika.mails(Notice.COMPANY_ANSWERED)) == 1
    assert await erika.mails(Notice.CHANGE_REQUESTED) == []
    assert await asked_mails(administrator) == 2


async def test_where_nobody_could_confirm_the_change_goes_on_by_itself_after_the_wait(company: Company) -> None:
    administrator = await company.administrator()
    await company.named(await company.employee("without-app"))
    change = await administrator.ask_for_change()
    assert change.state is ChangeState.AWAITING_COMPANY
    assert change.company
    assert change.company.goes_on
    assert (await says(administrator, Answer.YES, change)).refusal is Refusal.OWN_ACCOUNT

    await later(company.world, company.world.limits.company_wait_for - timedelta(seconds=1))
    assert await administrator.mails(Notice.CHANGE_REQUESTED) == []
    await later(company.world, timedelta(seconds=1))

    [mail] = await administrator.mails(Notice.CHANGE_REQUESTED)
    assert (await Browser(company.world).press(mail.action)).refusal is None


async def test_an_administrator_s_own_change_waits_for_another_one(company: Company) -> None:
    first, second = await company.administrator("first"), await company.administrator("second")
    change = await first.ask_for_change()

    assert change.company
    assert not change.company.goes_on
    assert await asked_mails(first) == 0
    assert (await says(first, Answer.YES, change)).refusal is Refusal.OWN_ACCOUNT
    assert (await says(second, Answer.YES, change)).refusal is None


async def test_the_person_cancels_what_waits_and_nothing_is_sent_again(company: Company) -> None:
    await company.administrator()
    erika = await company.employee()
    change = await a_waiting_change(erika)
    services, browser = company.world.services, erika.browser

    assert (await send_link_again(services, browser.client, browser.ticket)).refusal is Refusal.NO_OPEN_CHANGE
    assert (await cancel_change(services, browser.client, browser.ticket)).refusal is None

    assert await state_of(company.world, erika, change.change_id) is ChangeState.CANCELLED


async def test_this_was_not_me_stops_a_change_that_waits(company: Company) -> None:
    administrator, erika = await company.administrator(), await company.employee()
    change = await a_waiting_change(erika)
    [mail] = await erika.mails(Notice.CHANGE_WAITS)

    step = await freeze_by_link(company.world.services, Browser(company.world).client, mail.stop)

    assert step.refusal is None
    assert await state_of(company.world, erika, change.change_id) is ChangeState.STOPPED
    assert (await says(administrator, Answer.YES, change)).refusal is Refusal.NO_OPEN_CHANGE


async def test_a_password_renewed_by_mail_cancels_a_change_that_waits(company: Company) -> None:
    await company.administrator()
    erika = await company.employee()
    change = await a_waiting_change(erika)

    await erika.choose_password("another long password")

    assert await state_of(company.world, erika, change.change_id) is ChangeState.CANCELLED


async def test_who_leaves_the_company_waits_for_it_no_more(company: Company) -> None:
    administrator, erika = await company.administrator(), await company.employee()
    change = await a_waiting_change(erika)

    await leave_organisation(company.world.services, OPERATOR, erika.account_id)

    assert await state_of(company.world, erika, change.change_id) is ChangeState.CANCELLED
    [mail] = await erika.mails(Notice.COMPANY_ANSWERED)
    assert mail.message.params["answer"] == "left"
    assert (await company.page()).recent == []
    assert (await says(administrator, Answer.NO, change)).refusal is Refusal.NOT_YOUR_COMPANY
    assert (await erika.ask_for_change()).state is ChangeState.REQUESTED


async def test_without_the_setting_nothing_waits_and_administrators_see_it_all_the_same(world: World) -> None:
    company = await a_company(world, changes_wait=False)
    administrator, erika = await company.administrator(), await company.employee()

    assert (await a_waiting_change(erika)).state is ChangeState.REQUESTED

    [seen] = (await company.page()).recent
    assert seen.person.email.startswith("e")
    assert "•" in seen.old
    assert await asked_mails(administrator) == 0


async def test_a_changed_setting_holds_for_what_begins_afterwards(company: Company) -> None:
    administrator, erika = await company.administrator(), await company.employee()
    change = await a_waiting_change(erika)
    organisation = company.organisation

    await set_organisation(
        company.world.services, OPERATOR, organisation.account_id, name=organisation.name, changes_wait=False
    )

    assert await state_of(company.world, erika, change.change_id) is ChangeState.AWAITING_COMPANY
    assert (await says(administrator, Answer.YES, change)).refusal is None
    assert (await a_waiting_change(await company.employee())).state is ChangeState.REQUESTED
    history = await company.world.history(organisation.account_id)
    assert history == ["organisation_added", "organisation_set"]


async def test_who_administers_no_more_answers_no_more(company: Company) -> None:
    administrator, erika = await company.administrator(), await company.employee()
    change = await a_waiting_change(erika)

    await dismiss_administrator(company.world.services, OPERATOR, administrator.account_id)

    assert (await says(administrator, Answer.YES, change)).refusal is Refusal.NOT_YOUR_COMPANY


async def test_an_answer_takes_a_session_that_was_confirmed_a_moment_ago_by_more_than_a_text(company: Company) -> None:
    administrator, erika = await company.administrator(), await company.employee()
    by_text = await company.named(await company.employee("by-text"))
    await by_text.sign_in_to_manage()
    change = await a_waiting_change(erika)

    assert (await says(by_text, Answer.YES, change)).refusal is Refusal.NEEDS_SECOND_FACTOR
    company.world.clock.move(minutes=16)
    assert (await says(administrator, Answer.YES, change)).refusal is Refusal.NEEDS_FRESH_AUTHENTICATION
    await administrator.prove_again()
    assert (await says(administrator, Answer.YES, change)).refusal is None


async def test_administrators_of_another_company_neither_see_nor_answer(either_company: Company) -> None:
    company = either_company
    other = await a_company(company.world)
    stranger, erika = await other.administrator(), await company.employee()
    await company.administrator()
    change = await a_waiting_change(erika)

    assert (await says(stranger, Answer.YES, change)).refusal is Refusal.NOT_YOUR_COMPANY
    assert (await says(stranger, Answer.NO, change)).refusal is Refusal.NOT_YOUR_COMPANY
    assert (await other.page()).waiting == []
    assert await asked_mails(stranger) == 0
    assert await state_of(company.world, erika, change.change_id) is ChangeState.AWAITING_COMPANY


async def test_what_somebody_did_before_they_joined_is_not_shown(company: Company) -> None:
    other = await a_company(company.world, changes_wait=False)
    erika = await other.employee()
    await a_waiting_change(erika)

    await company.member(erika)

    page = await company.page()
    assert (page.waiting, page.recent) == ([], [])


async def test_mails_to_administrators_have_a_budget_and_the_page_has_none(company: Company) -> None:
    world = company.world
    world.services = with_rules(world.services, limits=replace(world.limits, company_mails_per_day=1))
    administrator = await company.administrator()
    for _ in range(2):
        await a_waiting_change(await company.employee())

    assert await asked_mails(administrator) == 1
    assert len((await company.page()).waiting) == 2
