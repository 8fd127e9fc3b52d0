"""The pages of a company's administrators: what they see and press, and that all others find nothing there."""

import re

from structlog.testing import capture_logs

from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.domain.support.case_evidence import EvidenceKind
from renumber.domain.support.recovery_case import RecoveryCase
from renumber.domain.support.staff import Role
from renumber.flows.housekeeping import keep_house
from renumber.flows.organisations.manage import dismiss_administrator, leave_organisation
from renumber.flows.organisations.views import NEWEST, CompanyPlace
from renumber.flows.support.cases import open_case
from renumber.store.organisations.company_views import StoredCompanyViews
from renumber.web.pages import company as company_pages
from tests.flows.organisations.company import OPERATOR, a_company, a_waiting_change
from tests.flows.person import Person
from tests.flows.support.staff import a_colleague
from tests.web.company.office import Office, questions
from tests.web.oidc.party import Guest

ROUTES = company_pages.routes


async def walk(browser: Guest, account_id: str, subject: str) -> set[int]:
    """Open every page and send every form; the statuses that came back."""
    seen = set()
    for route in ROUTES:
        await browser.get("/profile")
        path = route.path.replace("{account_id:str}", account_id)
        path = path.replace("{change_id:str}", subject).replace("{case_id:str}", subject)
        reply = await (browser.post(path, {"answer": "yes"}) if route.method == "POST" else browser.get(path))
        seen.add(reply.status_code)
    return seen


async def a_case_of(office: Office, person: Person) -> str:
    """Open a recovery case for somebody, and give its id."""
    agent = await a_colleague(office.desk.world, Role.AGENT, f"agent-of-{person.account_id}")
    step = await agent.do(open_case, person)
    assert step.state
    return str(step.state.case_id)


async def case_of(office: Office, person: Person, case_id: str) -> RecoveryCase:
    async with office.desk.world.services.store.work(person.account_id) as work:
        case = await work.load(RecoveryCase, case_id)
    assert case
    return case


async def test_an_administrator_sees_masks_confirms_and_the_person_reads_it(either_office: Office) -> None:
    office, company = either_office, either_office.company
    administrator, erika = await office.administrator(), await company.employee("erika")
    change = await a_waiting_change(erika)
    assert erika.number

    page = (await office.page(administrator)).text
    waiting = (await office.page(erika, "/profile")).text
    done = (await office.answer(administrator, questions(page)[0], "yes")).text

    assert erika.email not in page
    assert not re.search(r"\d{6}", re.sub(r"<[^>]*>", "", page))
    assert erika.number.masked in page
    assert "Number change: waiting for your company" in waiting
    assert "Cancel change" in waiting
    assert "Confirmed. The link is on its way" in done
    assert questions(done) == []
    assert "Link sent, not used yet" in done
    assert "Your company has confirmed the change." in (await office.page(erika, "/profile")).text
    assert "The company confirmed the change of the number" in (await office.page(erika, "/profile/activity")).text
    assert "Answered for somebody of the company" in (await office.page(administrator, "/profile/activity")).text
    assert len(await erika.mails(Notice.CHANGE_REQUESTED)) == 1
    assert change.state is ChangeState.AWAITING_COMPANY


async def test_a_refusal_is_told_and_the_number_stays(office: Office) -> None:
    administrator, erika = await office.administrator(), await office.company.employee()
    await a_waiting_change(erika)

    page = (await office.page(administrator)).text
    done = (await office.answer(administrator, questions(page)[0], "no")).text

    assert "Refused. The number stays as it is" in done
    assert len(await erika.mails(Notice.COMPANY_ANSWERED)) == 1
    late = await office.answer(administrator, questions(page)[0], "yes")
    assert "This change no longer waits" in (await office.page(administrator, questions(page)[0])).text
    assert late.status_code == 200


async def test_the_company_s_word_weighs_in_a_recovery_and_a_no_closes_nothing(office: Office) -> None:
    administrator, other = await office.administrator(), await office.company.administrator("other")
    for answer, kind in (("yes", EvidenceKind.COMPANY), ("no", EvidenceKind.COMPANY_DENIES)):
        erika = await office.company.employee()
        case_id = await a_case_of(office, erika)
        path = f"/company/recoveries/{erika.account_id}/{case_id}"
        assert path in questions((await office.page(administrator)).text)

        await office.answer(administrator, path, answer)
        again = await office.answer(other, path, "yes")

        case = await case_of(office, erika, case_id)
        assert [each.kind for each in case.evidence] == [kind]
        assert case.is_open
        assert case.weight(office.desk.world.services.rules.recovery.weights) == (2 if answer == "yes" else 0)
        assert path not in questions((await office.page(administrator)).text)
        assert "Your company has answered" in again.text
        assert len(await erika.mails(Notice.COMPANY_ANSWERED)) == 1
    assert len(await administrator.mails(Notice.COMPANY_ASKED)) == 2


async def test_nobody_but_its_administrators_finds_the_pages(office: Office) -> None:
    administrator, erika = await office.administrator(), await office.company.employee()
    by_text = await office.company.named(await office.company.employee("by-text"))
    stranger = await (await a_company(office.desk.world)).administrator("stranger")
    change = await a_waiting_change(erika)
    await by_text.sign_in_to_manage()
    dismissed = await office.company.administrator("dismissed")
    await dismiss_administrator(office.desk.world.services, OPERATOR, dismissed.account_id)
    gone = await office.company.administrator("gone")
    await leave_organisation(office.desk.world.services, OPERATOR, gone.account_id)
    nobody = Guest(office.desk.guest._client, office.desk.guest.app)
    before = await office.desk.world.open_change(erika.account_id)

    for who, statuses in ((erika, {404}), (by_text, {403}), (dismissed, {404}), (gone, {404})):
        assert await walk(office.browser_of(who), erika.account_id, change.change_id) == statuses, who.email
        has_item = '<a href="/company">' in (await office.page(who, "/profile")).text
        assert has_item is (who is by_text)
    assert await walk(nobody, erika.account_id, change.change_id) == {303}
    assert await walk(office.browser_of(stranger), erika.account_id, change.change_id) == {200, 303, 404}

    assert await office.desk.world.open_change(erika.account_id) == before
    assert erika.account_id not in (await office.page(stranger)).text
    refused = [act for act in await office.desk.world.history(erika.account_id) if act.startswith("refused:")]
    assert set(refused) <= {f"refused:{Refusal.NOT_YOUR_COMPANY}"}
    assert '<a href="/company">' in (await office.page(administrator, "/profile")).text


async def test_the_password_is_asked_for_before_the_question_and_the_answer(office: Office) -> None:
    administrator, erika = await office.administrator(), await office.company.employee()
    await a_waiting_change(erika)
    [path] = questions((await office.page(administrator)).text)
    browser = office.browser_of(administrator)
    await browser.get(path)
    office.desk.world.clock.move(minutes=16)

    asked, sent = await browser.get(path), await browser.post(path, {"answer": "yes"})

    for reply in (asked, sent):
        assert reply.status_code == 303
        assert reply.headers["location"] == f"/reauthenticate?next={path}"


async def test_one_s_own_change_has_no_buttons(office: Office) -> None:
    administrator = await office.administrator()
    change = await administrator.ask_for_change()

    page = (await office.page(administrator)).text
    path = f"/company/changes/{administrator.account_id}/{change.change_id}"

    assert questions(page) == []
    assert "goes on by itself then" in page
    assert 'name="answer"' not in (await office.page(administrator, path)).text


async def test_a_company_without_changes_says_so(office: Office) -> None:
    page = (await office.page(await office.administrator())).text

    assert "Nothing waits for you." in page
    assert "Nobody has changed a number yet." in page


async def test_older_changes_are_on_further_pages_each_once(either_office: Office) -> None:
    world, company = either_office.desk.world, either_office.company
    views = StoredCompanyViews(world.database, world.keys)
    asked = {(await a_waiting_change(await company.employee())).change_id for _ in range(5)}
    await leave_organisation(world.services, OPERATOR, (await company.page()).waiting[0].person.account_id)
    world.clock.move(hours=73)
    await keep_house(world.services, world.chores)

    seen: list[str] = []
    after: CompanyPlace | None = NEWEST
    while after is not None:
        page = await views.page(company.organisation_id, after=after, lines=2)
        assert page
        seen += [change.change_id for change in page.recent]
        after = page.older

    assert len(seen) == len(set(seen)) == 4
    assert set(seen) < asked


async def test_each_page_costs_two_statements(office: Office) -> None:
    administrator, erika = await office.administrator(), await office.company.employee()
    case_id = await a_case_of(office, await office.company.employee())
    await a_waiting_change(erika)
    owner = (await office.company.page()).cases[0].person.account_id
    browser = office.browser_of(administrator)
    [change] = [path for path in questions((await browser.get("/company")).text) if "/changes/" in path]

    with capture_logs() as logged:
        for path in ("/company", change, f"/company/recoveries/{owner}/{case_id}"):
            assert (await browser.get(path)).status_code == 200

    assert [(line["statements"], line["commits"]) for line in logged] == [(2, 0)] * 3


async def test_whoever_opens_the_address_of_the_stream_is_led_to_the_page(office: Office) -> None:
    administrator = await office.administrator()

    page = (await office.page(administrator)).text
    older = (await office.page(administrator, "/company?after=1.0123456789abcdef0123456789abcdef")).text
    led = await office.page(administrator, "/company/live")

    assert 'data-live="/company/live"' in page
    assert "data-live" not in older, "what is older stays as it was"
    assert led.headers["location"] == "/company"


async def test_an_open_question_that_looks_by_itself_asks_for_no_password(office: Office) -> None:
    administrator, erika = await office.administrator(), await office.company.employee()
    await a_waiting_change(erika)
    [path] = questions((await office.page(administrator)).text)
    browser = office.browser_of(administrator)
    office.desk.world.clock.move(minutes=16)

    by_itself = await browser.ask("GET", path, headers={"x-by-itself": "yes"})
    by_hand = await browser.get(path)

    assert by_itself.status_code == 200
    assert by_hand.headers["location"] == f"/reauthenticate?next={path}"
