"""The phone page when something is missing: the network, the service, the right time, or a part of the browser."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.handset import ASKED, CONNECT, QUIET, Handset, code_for, digits_at
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

OFFLINE = Words("Keine Verbindung", "No connection")
NOT_SENT = Words("Im Moment besteht keine Verbindung.", "There is no connection at the moment.")
FAULT = Words("Das hat nicht geklappt", "That didn't work")
REFERENCE = Words("Kennung:", "Reference:")
AGAIN = Words("Noch einmal versuchen", "Try again")
TOO_OLD = Words("Dieser Browser lässt sich nicht verbinden", "This browser can't be connected")
NO_SCRIPT = Words("Diese Seite benötigt JavaScript", "This page needs JavaScript")
HOME_SCREEN = Words("Zum Home-Bildschirm", "Add to Home Screen")
COPIED = Words("Link kopiert", "Link copied")
CONFIRMED = Words("Bestätigt", "Confirmed")
A_MINUTE = 60_000  # milliseconds
CALLS = re.compile("/device/api/")
# An iPhone's browser, in which the page is not on the home screen.
AS_IPHONE = "navigator.standalone = false; delete window.PushManager"
FIVE_HOURS_AHEAD = "const now = Date.now; Date.now = () => now() + 5 * 3600_000"

in_english = pytest.mark.parametrize("language", ["en"])
in_german = pytest.mark.parametrize("language", ["de"])


def household(travel: Travel, language: str = "en", script: str = "") -> tuple[Handset, Traveller]:
    """Someone with a phone, and the desk at which they sign in; `script` makes the phone's browser what it is."""
    holder = travel(language)
    if script:
        holder.context.add_init_script(script)
    phone = Handset(holder)
    phone.connect(code_for(holder.person))
    return phone, travel(language, person=holder.person)


def forget_complaints(phone: Handset) -> None:
    """What the browser says of a network that this test has cut is no fault."""
    phone.traveller.watch.complaints.clear()


@in_english
def test_without_a_network_the_page_opens_and_says_so(travel: Travel, language: str) -> None:
    phone, _ = household(travel, language)
    phone.page.evaluate("navigator.serviceWorker.ready")
    phone.reload()  # so that the page is kept as it is now

    phone.traveller.context.set_offline(True)
    phone.page.reload()
    expect(phone.page.get_by_role("heading", name=phone.traveller.said(OFFLINE))).to_be_visible()
    forget_complaints(phone)
    phone.traveller.watch.look(phone.page)
    phone.traveller.context.set_offline(False)

    phone.shows(QUIET)
    forget_complaints(phone)


def test_an_answer_that_finds_no_network_is_kept_and_sent_again(travel: Travel) -> None:
    phone, desk = household(travel)
    digits = digits_at(desk)
    phone.is_asked()
    phone.traveller.context.set_offline(True)

    phone.approve(digits)
    expect(phone.page.get_by_text(NOT_SENT.en)).to_be_visible()
    expect(phone.digits).to_have_value(digits)
    forget_complaints(phone)
    phone.traveller.context.set_offline(False)
    phone.tap(w.CONFIRM)

    phone.shows(CONFIRMED)
    forget_complaints(phone)


def test_a_fault_of_the_service_is_said_with_its_reference(travel: Travel) -> None:
    phone, _ = household(travel, "de")
    problem = '{"status": 500, "request_id": "7f3a91c2d0e1"}'

    def fail(route: Route) -> None:
        route.fulfill(status=500, body=problem, content_type="application/problem+json")

    phone.traveller.context.route(CALLS, fail)
    expect(phone.page.get_by_role("heading", name=FAULT.de)).to_be_visible()
    expect(phone.page.get_by_text("7f3a91c2d0e1")).to_be_visible()
    forget_complaints(phone)
    phone.traveller.watch.look(phone.page)
    phone.traveller.context.unroute(CALLS)
    phone.tap(AGAIN)

    phone.shows(QUIET)
    forget_complaints(phone)


def test_a_phone_with_a_wrong_clock_counts_by_the_clock_of_the_service(travel: Travel) -> None:
    phone, desk = household(travel)
    digits = digits_at(desk)

    phone.traveller.context.add_init_script(FIVE_HOURS_AHEAD)
    phone.reload()
    phone.is_asked()

    expect(phone.page.get_by_role("timer")).to_have_text(re.compile(r"^1:\d\d left$"))
    phone.approve(digits)
    phone.shows(CONFIRMED)


def test_while_nobody_looks_the_service_is_not_asked(travel: Travel) -> None:
    phone, desk = household(travel)
    phone.page.clock.install()
    phone.reload()
    phone.shows(QUIET)
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))

    phone.put_away()
    phone.page.clock.run_for(A_MINUTE)  # what was on its way before has come
    asked.clear()
    digits_at(desk)
    phone.page.clock.run_for(A_MINUTE)
    assert not asked
    phone.take_out()

    phone.shows(ASKED)


@in_german
def test_a_browser_that_keeps_no_key_is_told_what_to_do_instead(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    phone = Handset(someone)

    phone.open()

    phone.shows(TOO_OLD)


@in_english
def test_without_scripts_the_page_says_why_it_needs_them(travel: Travel, language: str) -> None:
    someone = travel(language, scripts=False)

    someone.open("/device")

    expect(someone.page.get_by_role("heading", name=someone.said(NO_SCRIPT))).to_be_visible()


@in_german
def test_on_an_iphone_the_home_screen_comes_first(travel: Travel, language: str) -> None:
    holder = travel(language)
    holder.context.add_init_script(AS_IPHONE)
    holder.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone, link = Handset(holder), code_for(holder.person)

    phone.open(link)
    phone.says(HOME_SCREEN)
    phone.page.get_by_role("button", name=re.compile("Link kopieren|Copy link")).click()
    phone.says(COPIED)
    assert phone.page.evaluate("navigator.clipboard.readText()") == link
    phone.tap(CONNECT)
    phone.be_confirmed()

    phone.shows(QUIET)
    phone.says(HOME_SCREEN)
