"""The history at the console: entries of all accounts, one chain with its proof, checkpoints, exports and reports."""

import csv
import io
import json
import re

from sqlalchemy import text
from structlog.testing import capture_logs

from renumber.domain.support.staff import Role
from renumber.store.database.open import Statement
from tests.store.conftest import erase
from tests.store.hands_on import change
from tests.store.history.test_audit import sign
from tests.web.console.desk import Colleague, Desk

COUNTED = Statement(text("SELECT count(*) AS found FROM audit"))
HISTORY, EXPORT = "/console/history", "/console/export"


def acts_in(page: str) -> list[str]:
    """The acts of the lines of a list."""
    return re.findall(r"<td><strong[^>]*>([^<]+)</strong>", page)


async def an_auditor(desk: Desk) -> Colleague:
    return await desk.staff(Role.AUDITOR)


async def test_an_auditor_sees_the_entries_of_all_accounts_and_nothing_of_a_person(desk: Desk) -> None:
    erika, auditor = await desk.person(), await an_auditor(desk)
    await erika.sign_in()

    page = (await auditor.browser.get(HISTORY)).text

    assert {"Signed in", "The account was created", "A role at customer relations was given"} <= set(acts_in(page))
    assert f"/console/history/{erika.account_id}" in page
    assert erika.email not in page


async def test_filters_narrow_the_entries_and_pages_go_on_to_the_first(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    await agent.find(erika.email)
    for _ in range(9):
        desk.world.clock.move(minutes=10)
        await erika.sign_in()
    auditor = await an_auditor(desk)

    async def acts(query: str) -> list[str]:
        return acts_in((await auditor.browser.get(f"{HISTORY}?{query}")).text)

    newest = await auditor.browser.get(HISTORY)
    seen, onward = acts_in(newest.text), re.search(r'href="([^"]+after=[^"]+)"', newest.text)
    while onward:
        page = await auditor.browser.get(onward[1].replace("&amp;", "&"))
        seen += acts_in(page.text)
        onward = re.search(r'href="([^"]+after=[^"]+)"', page.text)

    total = (await desk.world.database.fetch(COUNTED))[0]["found"]
    assert len(seen) == total > 50
    assert set(await acts("act=signed_in")) == {"Signed in"}
    theirs = await acts(f"staff={agent.person.account_id}")
    assert sorted(theirs) == ["Customer relations looked at the account", "Search at the console"]
    assert set(await acts("actor=operator")) == {"A role at customer relations was given", "The account was created"}
    assert await acts("from=2020-01-01&to=2020-01-02") == []
    assert await acts("outcome=refused") == []
    assert "No entry fits" in (await auditor.browser.get(f"{HISTORY}?outcome=refused")).text


async def test_the_history_of_one_account_takes_a_reason_which_it_keeps(desk: Desk) -> None:
    erika, auditor = await desk.person(), await an_auditor(desk)
    chain = f"{HISTORY}/{erika.account_id}"

    asked = [await auditor.browser.get(path) for path in (chain, f"{HISTORY}?account={erika.account_id}")]
    asked += [await auditor.browser.get(f"{chain}/{each}") for each in ("proof", "report")]
    page = await auditor.look(chain, "A question of the bank.")

    assert all("Why do you look at this account?" in each.text for each in asked)
    assert "The chain begins here" in page.text
    assert (await desk.world.history(erika.account_id))[-1] == "staff_looked"
    assert (await auditor.browser.get(f"{HISTORY}?account={erika.account_id}")).text.count("<tr>") > 2
    assert "Why do you look" in (await auditor.browser.get(f"/console/accounts/{erika.account_id}")).text


async def test_a_colleague_s_history_is_open_to_the_auditor_and_the_own_is_not(desk: Desk) -> None:
    agent, auditor = await desk.staff(Role.AGENT), await an_auditor(desk)

    theirs = await auditor.look(f"{HISTORY}/{agent.person.account_id}")
    own = await auditor.look(f"{HISTORY}/{auditor.person.account_id}")

    assert "A role at customer relations was given" in theirs.text
    assert "Nobody helps themselves here" in own.text


async def test_a_chain_is_proven_on_the_spot_and_an_altered_row_is_named(desk: Desk) -> None:
    erika, auditor = await desk.person(), await an_auditor(desk)
    await erika.sign_in()
    await sign(desk.world)
    await auditor.look(f"{HISTORY}/{erika.account_id}")

    whole = await auditor.browser.get(f"{HISTORY}/{erika.account_id}/proof")
    await change(desk.world, "UPDATE audit SET act = 'x' WHERE account_id = :id AND seq = 2", id=erika.account_id)
    altered = await auditor.browser.get(f"{HISTORY}/{erika.account_id}/proof")

    assert "Nothing was altered" in whole.text
    assert "renumber-audit/1/" in whole.text
    assert "The history was altered" in altered.text
    assert "row 2: it was changed or moved" in altered.text


async def test_an_erased_account_s_chain_is_read_and_proven_and_the_auditor_s_own_history_keeps_it(desk: Desk) -> None:
    erika, auditor = await desk.person(), await an_auditor(desk)
    await erika.sign_in()
    await erase(desk.world, erika)
    before = await desk.world.history(erika.account_id)
    await auditor.look(f"{HISTORY}/{erika.account_id}")

    proof = await auditor.browser.get(f"{HISTORY}/{erika.account_id}/proof")
    report = await auditor.browser.get(f"{HISTORY}/{erika.account_id}/report")

    assert "Nothing was altered" in proof.text
    assert "Erased: who it was" in report.text
    assert await desk.world.history(erika.account_id) == before
    assert "staff_looked" in await desk.world.history(auditor.person.account_id)


async def test_checkpoints_are_listed_with_their_anchors_which_are_a_file_as_well(desk: Desk) -> None:
    auditor = await an_auditor(desk)
    empty = await auditor.browser.get("/console/checkpoints")
    signed = [await sign(desk.world)]
    desk.world.clock.move(minutes=30)
    await desk.person()
    signed.append(await sign(desk.world))

    page = await auditor.browser.get("/console/checkpoints")
    file = await auditor.browser.get("/console/checkpoints/anchors")

    assert "No checkpoint is signed yet" in empty.text
    assert [each.number for each in signed if each] == [1, 2]
    lines = file.text.splitlines()
    assert [line.split("/")[1] for line in lines] == ["1", "2"]
    assert all(line in page.text for line in lines)
    assert file.headers["content-disposition"].startswith('attachment; filename="anchors-')


async def test_an_export_is_a_file_of_each_kind_and_is_in_the_history_with_its_reason(desk: Desk) -> None:
    erika, auditor = await desk.person(), await an_auditor(desk)
    await erika.sign_in()
    await auditor.browser.get(EXPORT)

    refused = await auditor.send(EXPORT, "", format="csv")
    one = await auditor.send(EXPORT, "For the court.", format="csv", account=erika.account_id)
    everything = await auditor.send(EXPORT, "For the bank.", format="jsonl", **{"from": "2020-01-01"})

    rows = list(csv.DictReader(io.StringIO(one.text, newline="")))
    entries = [json.loads(line) for line in everything.text.splitlines()]
    own = [entry for entry in entries if entry["act"] == "history_exported"]
    assert 'id="reason"' in refused.text
    assert [row["act"] for row in rows] == await desk.world.history(erika.account_id)
    assert rows[-1]["subject"] == "csv ../.."
    assert {entry["account_id"]: entry["subject"][:15] for entry in own} == {
        erika.account_id: "csv ../..",
        auditor.person.account_id: "jsonl 2019-12-3",
    }
    assert len(entries) == (await desk.world.database.fetch(COUNTED))[0]["found"]
    assert entries == sorted(entries, key=lambda entry: entry["at"])
    assert "For the court." not in one.text + everything.text


async def test_a_report_says_in_plain_words_what_happened_and_shows_masks_alone(desk: Desk) -> None:
    erika, auditor = await desk.person(), await an_auditor(desk)
    await erika.sign_in()
    await auditor.look(f"{HISTORY}/{erika.account_id}")

    english = (await auditor.browser.get(f"{HISTORY}/{erika.account_id}/report")).text
    german = (await auditor.browser.get(f"{HISTORY}/{erika.account_id}/report?language=de")).text

    assert "Nothing was altered" in english
    assert '<html lang="de"' in german
    assert auditor.person.account_id in english
    assert erika.number
    assert not [each for each in (erika.email, erika.number.e164) if each in english + german]


async def test_a_page_of_the_history_costs_three_statements(desk: Desk) -> None:
    erika, auditor = await desk.person(), await an_auditor(desk)
    await auditor.look(f"{HISTORY}/{erika.account_id}")
    paths = (HISTORY, f"{HISTORY}?act=signed_in", f"{HISTORY}/{erika.account_id}", "/console/checkpoints")

    with capture_logs() as logged:
        for path in (*paths, EXPORT, f"{HISTORY}/{erika.account_id}/proof"):
            assert (await auditor.browser.get(path)).status_code == 200

    assert [line["statements"] for line in logged] == [3, 3, 3, 3, 2, 11]
