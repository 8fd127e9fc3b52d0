"""A recovery case to its end: two people, a wait, a link to the mailbox, the password, and a new number."""

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.sign_in import SignInState
from renumber.domain.support.case_evidence import EvidenceKind
from renumber.domain.support.staff import Role
from renumber.flows.housekeeping import keep_house
from renumber.flows.support.accounts import freeze_by_staff, look, note
from renumber.flows.support.cases import approve_case, cancel_case, open_case
from renumber.flows.support.own_request import confirm_request, look_at_request, request_recovery
from renumber.flows.support.recover import look_at_recovery_link, press_recovery_link
from tests.builders import NEW
from tests.flows.factors.totp import add_app
from tests.flows.person import Browser, Person, a_person
from tests.flows.support.staff import a_colleague, an_approved_case
from tests.flows.world import World
from tests.store.hands_on import count


async def wait(world: World, days: int) -> None:
    """Let days pass, and the housekeeping come by on each."""
    for _ in range(days):
        world.clock.move(days=1)
        await keep_house(world.services, world.chores)


async def a_link(world: World, erika: Person) -> str:
    """Wait until the mailbox has the link."""
    await an_approved_case(world, erika)
    await wait(world, 3)
    return (await erika.mails(Notice.RECOVERY_LINK))[-1].action


async def press(browser: Browser, token: str) -> Refusal | None:
    """Press the button of the page behind the link."""
    step = await press_recovery_link(browser.world.services, browser.client, token)
    browser.reset_token = step.state.token if step.state else ""
    return step.refusal


async def test_somebody_without_any_factor_gets_back_with_password_and_mailbox(either_world: World) -> None:
    erika = await a_person(either_world)
    await add_app(erika)
    link, browser = await a_link(either_world, erika), Browser(either_world)
    assert (await look_at_recovery_link(either_world.services, link)).refusal is None

    assert await press(browser, link) is None
    reached = await browser.give_password(erika.email)
    await erika.bind(NEW, browser)

    account = await either_world.account(erika.account_id)
    assert reached.state is SignInState.AWAITING_NEW_NUMBER
    assert (account.number, account.lost) == (NEW, frozenset({Factor.TOTP}))
    assert await press(browser, link) is Refusal.CASE_CLOSED


async def test_another_browser_takes_a_code_to_the_mailbox_as_well(world: World, erika: Person) -> None:
    assert await press(Browser(world), await a_link(world, erika)) is None

    reached = await Browser(world).give_password(erika.email)

    assert reached.state is SignInState.AWAITING_MAILBOX


async def test_every_channel_is_told_at_the_start_each_day_and_at_the_end(world: World, erika: Person) -> None:
    await a_link(world, erika)

    mails, texts = await erika.mails(), await erika.texts()
    assert [one.notice for one in mails if "case" in one.notice or "recovery" in one.notice] == [
        Notice.CASE_OPENED,
        *[Notice.CASE_WAITING] * 3,
        Notice.RECOVERY_LINK,
    ]
    assert [one.notice for one in texts] == [Notice.CASE_OPENED, *[Notice.CASE_WAITING] * 4]
    assert all(one.stop for one in [*mails, *texts])


@pytest.mark.parametrize("days", [0, 1, 2])
@pytest.mark.parametrize("by", ["mail", "text"])
async def test_the_owner_stops_it_by_every_notice(world: World, erika: Person, by: str, days: int) -> None:
    await an_approved_case(world, erika)
    await wait(world, days)
    told = await (erika.mails() if by == "mail" else erika.texts())

    await erika.freeze_by(told[-1].stop)
    await wait(world, 4)

    assert await erika.mails(Notice.RECOVERY_LINK) == []
    assert "case_cancelled" in await world.history(erika.account_id)


async def test_an_agent_alone_approves_nothing(world: World, erika: Person) -> None:
    agent = await a_colleague(world, Role.AGENT)
    await agent.do(open_case, erika)

    assert (await agent.do(approve_case, erika)).refusal is Refusal.NOT_YOUR_ROLE
    await wait(world, 4)
    assert await erika.mails(Notice.RECOVERY_LINK) == []


async def test_a_case_that_nobody_goes_on_with_closes_after_two_weeks(world: World, erika: Person) -> None:
    agent = await a_colleague(world, Role.AGENT)
    await agent.do(open_case, erika)
    assert (await agent.do(open_case, erika)).refusal is Refusal.CASE_ALREADY_OPEN

    await wait(world, 14)

    assert "case_expired" in await world.history(erika.account_id)
    assert (await agent.do(cancel_case, erika)).refusal is Refusal.CASE_CLOSED


@pytest.mark.parametrize("act", [look, note, freeze_by_staff, open_case])
async def test_nobody_acts_on_their_own_account_or_a_colleague_s(world: World, erika: Person, act: object) -> None:
    agent, other = await a_colleague(world, Role.AGENT, "one"), await a_colleague(world, Role.AGENT, "two")

    for account_id, refusal in (
        (agent.staff.account_id, Refusal.OWN_ACCOUNT),
        (other.staff.account_id, Refusal.STAFF_ACCOUNT),
    ):
        assert (await agent.do(act, Person(world, account_id, "", None))).refusal is refusal
    assert (await agent.do(act, erika, reason=" ")).refusal is Refusal.NEEDS_REASON


async def test_a_closed_case_is_kept_for_more_than_a_year(world: World, erika: Person) -> None:
    agent = await a_colleague(world, Role.AGENT)
    await agent.do(open_case, erika)
    await agent.do(cancel_case, erika)

    world.clock.move(days=399)
    await keep_house(world.services, world.chores)
    kept = await count(world, "recovery_case")
    world.clock.move(days=2)
    await keep_house(world.services, world.chores)

    assert (kept, await count(world, "recovery_case")) == (1, 0)


async def test_the_owner_asks_by_password_and_mailbox(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    await request_recovery(world.services, erika.browser.client, erika.browser.begun)
    link = (await erika.mails(Notice.RECOVERY_REQUEST))[-1].action
    assert (await look_at_request(world.services, link)).refusal is None

    step = await confirm_request(world.services, Browser(world).client, link)

    assert step.state
    assert (step.state.opened_by, step.state.handled_by) == (erika.account_id, "")
    assert [piece.kind for piece in step.state.evidence] == [EvidenceKind.MAILBOX_CODE]
    assert (await look_at_request(world.services, link)).refusal is Refusal.LINK_USED


async def test_a_password_renewed_by_mail_ends_a_case_that_waits_without_that(world: World, erika: Person) -> None:
    await an_approved_case(world, erika)
    await wait(world, 2)

    await erika.choose_password("another good password")
    await wait(world, 3)

    assert await erika.mails(Notice.RECOVERY_LINK) == []
    assert "case_cancelled" in await world.history(erika.account_id)


async def test_a_password_renewed_by_mail_after_the_link_leads_to_another_wait(world: World, erika: Person) -> None:
    browser = Browser(world)
    assert await press(browser, await a_link(world, erika)) is None

    await erika.choose_password("another good password")
    reached = await browser.give_password(erika.email, erika.password)

    assert reached.state is SignInState.AWAITING_MAILBOX
    assert (await browser.type_code(await erika.code(CodePurpose.MAILBOX))).state is SignInState.WAITING
