"""The page of an account at the console: what it says, what can be done there, and what it costs."""

from dataclasses import replace

from structlog.testing import capture_logs

from renumber.domain.phone_number import PhoneNumber
from renumber.domain.support.staff import Role
from renumber.store.audit.entries import AuditEntries
from tests.flows.person import a_person
from tests.web.console.desk import Desk


async def test_the_page_says_in_one_sentence_where_the_person_stands(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    await erika.sign_in()
    await erika.ask_for_change()

    page = await agent.find(erika.email, "The mail doesn't come.")

    assert page.status_code == 200
    assert "the mail with the link is on its way" in page.text
    assert "The mail doesn" in page.text  # the look itself is the first line of the timeline
    assert erika.email not in page.text
    account = await desk.world.account(erika.account_id)
    assert account.number
    assert account.number.e164 not in page.text
    assert account.number.masked in page.text


async def test_a_page_of_an_account_costs_three_queries(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    await agent.find(erika.email)

    with capture_logs() as logged:
        page = await agent.browser.get(f"/console/accounts/{erika.account_id}")

    assert page.status_code == 200
    assert [line["statements"] for line in logged] == [3]


async def test_a_place_in_the_timeline_that_is_none_shows_the_newest(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    await agent.find(erika.email)

    for place in ("x", "1.2", "9999999999999999999.1.", "1.1.'", "²..", "4611686018427387904.4611686018427387904."):
        page = await agent.browser.get(f"/console/accounts/{erika.account_id}?after={place}")

        assert page.status_code == 200, place


HELPS = {
    "note": "The note is in the history.",
    "link": "The link is being sent again.",
    "cancel": "The change was cancelled",
    "sessions": "Everybody was signed out",
    "freeze": "The account is frozen",
}


async def test_help_takes_a_reason_and_says_that_it_was_given(desk: Desk) -> None:
    agent = await desk.staff(Role.AGENT)
    erika = await desk.person()
    await erika.sign_in()
    await erika.ask_for_change()
    desk.world.clock.move(seconds=61)
    await agent.find(erika.email)
    here = f"/console/accounts/{erika.account_id}"

    for act, said in HELPS.items():
        await agent.browser.post(f"{here}/{act}", {"reason": ""})
        without = await agent.browser.get(here)
        await agent.browser.post(f"{here}/{act}", {"reason": f"They asked to {act}."})
        page = await agent.browser.get(here)

        assert "Please give a reason" in without.text, act
        assert said in page.text
        assert f"They asked to {act}." in page.text


async def test_every_account_of_a_number_that_is_listed_has_the_look_in_its_history(desk: Desk) -> None:
    agent = await desk.staff(Role.AGENT)
    shared = PhoneNumber("+491713939999")
    people = [await a_person(desk.world, f"{name}@example.com", shared) for name in ("anna", "otto")]

    page = await agent.find("+49 171 3939999")
    opened = await agent.browser.get(f"/console/accounts/{people[1].account_id}")

    assert "Several accounts share this number" in page.text
    assert opened.status_code == 200
    for person in people:
        [row] = await AuditEntries(desk.world.database).newest_of(person.account_id, 1)
        assert row["act"] == "staff_looked"


async def test_nothing_is_looked_up_before_a_reason_is_given_nor_beyond_the_allowance(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    limit = desk.world.services.rules.limits.staff_looks_per_hour

    await agent.find(erika.email, " ")
    for _ in range(limit):
        assert (await agent.find("nobody@example.com")).status_code == 404
    page = await agent.find(erika.email)

    assert "enough for an hour" in page.text
    assert not [
        row
        for row in await AuditEntries(desk.world.database).newest_of(erika.account_id, 9)
        if row["act"] == "staff_looked"
    ]
    own = [row["act"] for row in await AuditEntries(desk.world.database).newest_of(agent.person.account_id, limit + 2)]
    assert own[0] == "refused:too_many_looks"
    assert own.count("staff_searched") == limit
    assert own[-1] == "refused:needs_reason"


async def test_no_page_of_the_console_shows_a_code_a_token_or_a_whole_number(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    await erika.sign_in()
    await erika.ask_for_change()
    await agent.find(erika.email)
    here = f"/console/accounts/{erika.account_id}"
    case = (await agent.browser.post(f"{here}/case", {"reason": "They lost the phone."})).headers["location"]
    await agent.browser.get(here)
    await agent.browser.post(f"{here}/caller/mail", {"reason": "They called."})

    pages = [(await agent.browser.get(path)).text for path in (here, case, "/console/cases", "/console")]

    await desk.world.deliver()
    own = [one for one in desk.world.received if one.message.account_id == erika.account_id]
    secrets = {secret for one in own for secret in (one.code, one.action, one.stop) if secret}
    assert len(secrets) > 4
    assert not [page for page in pages for secret in secrets if secret in page]
    assert not [page for page in pages if erika.email in page or (erika.number and erika.number.e164 in page)]


async def test_fields_that_no_form_of_the_console_owns_change_nothing(desk: Desk) -> None:
    erika, theo, agent = await desk.person(), await desk.person(), await desk.staff(Role.AGENT)
    await agent.find(erika.email)
    before, other = await desk.world.account(erika.account_id), await desk.world.history(theo.account_id)
    foreign = {
        "account_id": theo.account_id,
        "staff": theo.account_id,
        "role": "administrator",
        "state": "frozen",
        "phone": "+4915799887766",
        "verified": "yes",
        "method": "phone",
        "proven": "yes",
    }

    for act in ("note", "caller", "caller/mail", "case"):
        await agent.browser.post(f"/console/accounts/{erika.account_id}/{act}", {"reason": "They called.", **foreign})

    after = await desk.world.account(erika.account_id)
    assert replace(after, version=before.version) == before
    assert await desk.world.history(theo.account_id) == other
    page = (await agent.browser.get(f"/console/accounts/{erika.account_id}")).text
    assert "Caller not proven" in page


async def test_a_case_or_check_under_another_account_s_address_is_unknown(desk: Desk) -> None:
    erika, theo, agent = await desk.person(), await desk.person(), await desk.staff(Role.AGENT)
    await agent.find(erika.email)
    here = f"/console/accounts/{erika.account_id}"
    case = (await agent.browser.post(f"{here}/case", {"reason": "They lost the phone."})).headers["location"]

    seen = await agent.browser.get(case.replace(erika.account_id, theo.account_id))
    nobody = await agent.look(f"/console/accounts/{'0' * 32}")

    assert (seen.status_code, nobody.status_code) == (404, 404)
