"""The auditor's pages: filters, chains with their proof, checkpoints, exports and reports."""

import csv
import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from harness.person import Person
from harness.server import Server
from renumber.domain.support.staff import Role
from tests.journeys.console.conftest import SitDown
from tests.journeys.console.team import KEYS, REASON, Colleague
from tests.journeys.words import Words

HISTORY, CHECKPOINTS, EXPORTS = "/console/history", "/console/checkpoints", "/console/export"
EXPORT = Words("Exportieren", "Export")
SHOW = Words("Anzeigen", "Show")
ACT = Words("Was geschehen ist", "What happened")
RESULT = Words("Ergebnis", "Result")
WHOSE = Words("Konto oder Fall", "Account or case")
FORMAT = Words("Format", "Format")
SHOW_EVERYTHING = Words("Alles zeigen", "Show everything")
NOTHING_FITS = Words("Kein Eintrag passt.", "No entry fits.")
NO_SUCH = Words("Dieses Konto oder diesen Fall gibt es nicht.", "There is no such account or case.")
VERIFY = Words("Jetzt prüfen", "Verify now")
WHOLE = Words("Nichts wurde verändert.", "Nothing was altered.")
ALTERED = Words("Der Verlauf wurde verändert.", "The history was altered.")
REPORT = Words("Bericht zum Drucken", "Report to print")
NOTHING_OLDER = Words("Nichts Älteres.", "Nothing older.")
NO_ID = Words("Das ist keine Kennung eines Kontos.", "This is not the id of an account")


def someone_in_history(server: Server, language: str = "en") -> Person:
    """Somebody whose history has a few entries."""
    person = server.person(locale=language)
    person.sign_in()
    return person


def sees(auditor: Colleague, words: Words) -> None:
    """The words stand on the page; in a sentence of their language."""
    auditor.seat.sees(words)


def exported(auditor: Colleague, to: Path) -> str:
    """Press the button, and read the file that comes."""
    with auditor.seat.watch.forgiving_aborts():  # a file is no page to go to
        with auditor.seat.page.expect_download() as coming:
            auditor.seat.button(EXPORT).click()
        coming.value.save_as(to)
    return to.read_text()


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_of_an_auditor_is_in_order_on_each_screen(server: Server, sit_down: SitDown, language: str) -> None:
    person = someone_in_history(server, language)
    server.sign_history()
    auditor = sit_down(Role.AUDITOR, language)
    seat, chain = auditor.seat, f"{HISTORY}/{person.account_id}"

    seat.open(HISTORY)
    seat.open(f"{HISTORY}?outcome=refused&to=2020-01-01")
    sees(auditor, NOTHING_FITS)
    seat.open(f"{HISTORY}?account=nobody")
    sees(auditor, NO_SUCH)
    auditor.opens(chain, "The bank has asked.")
    seat.follow(VERIFY)
    sees(auditor, WHOLE)
    seat.open(f"{chain}?before=1")
    sees(auditor, NOTHING_OLDER)
    server.write(f"UPDATE audit SET act = 'x' WHERE account_id = '{person.account_id}' AND seq = 1")  # noqa: S608
    seat.open(f"{chain}/proof")
    sees(auditor, ALTERED)
    seat.follow(REPORT)
    sees(auditor, ALTERED)
    seat.open(CHECKPOINTS)
    seat.open(f"{CHECKPOINTS}?before=1")
    sees(auditor, NOTHING_OLDER)
    seat.open(f"{EXPORTS}?account=nobody")
    seat.type(REASON, "For the court.")
    seat.press(EXPORT)
    sees(auditor, NO_ID)


def strike(auditor: Colleague, key: str) -> None:
    """Press a key that leads to another page."""
    with auditor.seat.page.expect_navigation():
        auditor.seat.page.keyboard.press(key)
    auditor.seat.watch.look(auditor.seat.page)


def test_an_auditor_goes_through_the_lists_by_keyboard(server: Server, sit_down: SitDown) -> None:
    auditor = sit_down(Role.AUDITOR)
    keyboard = auditor.seat.page.keyboard
    someone_in_history(server)
    auditor.seat.open(HISTORY)
    first = rows(auditor).nth(0)

    keyboard.press("j")
    expect(first.locator("[data-opens]")).to_be_focused()
    keyboard.press("j")
    keyboard.press("k")
    expect(first.locator("[data-opens]")).to_be_focused()
    strike(auditor, "Enter")
    auditor.seat.field(REASON).press_sequentially("The bank has asked.")
    strike(auditor, "Enter")
    keyboard.press("j")
    expect(first).to_be_focused()
    strike(auditor, "v")

    sees(auditor, WHOLE)


def test_an_auditor_comes_to_every_page_by_a_letter_that_the_list_of_keys_names(sit_down: SitDown) -> None:
    auditor = sit_down(Role.AUDITOR)
    seat, keyboard = auditor.seat, auditor.seat.page.keyboard

    seat.open("/console/staff")
    seat.tap(KEYS)
    expect(seat.page.get_by_role("dialog")).to_contain_text("Checkpoints")
    keyboard.press("Escape")
    for key, path in (("h", HISTORY), ("c", CHECKPOINTS), ("e", EXPORTS)):
        strike(auditor, key)
        seat.is_at(path)
    keyboard.press("r")
    expect(seat.field(REASON)).to_be_focused()
    keyboard.press("Escape")
    strike(auditor, "/")

    seat.is_at("/console")


def rows(auditor: Colleague) -> Locator:
    """The entries of a list."""
    return auditor.seat.page.locator(".entries tbody tr")


def test_an_auditor_does_everything_without_scripts(server: Server, sit_down: SitDown, tmp_path: Path) -> None:
    person, auditor = someone_in_history(server), sit_down(Role.AUDITOR, scripts=False)
    seat = auditor.seat

    seat.open(HISTORY)
    seat.field(RESULT).select_option("done")
    seat.field(ACT).select_option("signed_in")
    seat.press(SHOW)
    assert {line.split("\t")[0] for line in rows(auditor).locator("strong").all_inner_texts()} == {"Signed in"}
    seat.follow(SHOW_EVERYTHING)
    seat.type(WHOSE, person.account_id)
    seat.press(SHOW)
    seat.type(REASON, "The bank has asked.")
    seat.press(Words("Weiter", "Continue"))
    seat.follow(VERIFY)
    sees(auditor, WHOLE)
    seat.follow(REPORT)
    seat.open(f"{EXPORTS}?account={person.account_id}")
    seat.type(REASON, "For the court.")
    lines = exported(auditor, tmp_path / "history.jsonl").splitlines()
    seat.field(FORMAT).select_option("csv")
    seat.type(REASON, "For the court, once more.")
    table = list(csv.DictReader(exported(auditor, tmp_path / "history.csv").splitlines()))

    assert {json.loads(line)["account_id"] for line in lines} == {person.account_id}
    assert [row["act"] for row in table][-2:] == ["history_exported"] * 2
