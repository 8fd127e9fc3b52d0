"""A phone in its owner's hand: the page /device, in a browser of its own, and the desk at which its owner signs in."""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from harness.owner import confirm, invited
from harness.person import Person
from tests.journeys import words as w
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

PUSH = Words("Push-Benachrichtigung", "Push notification")
CONNECT = Words("Gerät verbinden", "Connect this device")
CONFIRM_THERE = Words(
    "Bestätigen Sie jetzt im Browser, der den Code zeigt", "Now confirm in the browser that shows the code"
)
YOURS = Words("Ist das Ihr Gerät?", "Is this your device?")
NOT_MINE = Words("Das ist nicht mein Gerät", "This isn't my device")
CONNECTED = Words("Dieses Gerät ist verbunden.", "This device is connected.")
DEVICE_NAME = Words("Name dieses Geräts", "Name of this device")
QUIET = Words("Nichts zu bestätigen", "Nothing to confirm")
ASKED = Words("Melden Sie sich gerade an?", "Are you signing in right now?")
DIGITS = Words("Ziffern von der Anmeldeseite", "Digits from the sign-in page")
DENY = Words("Ablehnen", "Decline")
DONE = Words("Fertig", "Done")
NAME = "Pixel 9"
TURN_AWAY = """isHidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden === "hidden" });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
WIDTH, HEIGHT = 360, 740  # CSS pixels


class Handset:
    """The phone page; `traveller` is who holds the phone."""

    def __init__(self, traveller: Traveller) -> None:
        self.traveller = traveller
        self.page = traveller.page
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})

    def open(self, address: str = "/device") -> None:
        """Open the page, or come to it from a scanned code, and wait until it knows what to show."""
        self.page.goto("about:blank")
        self.page.goto(address if "://" in address else self.traveller.server.origin + address)
        self._look()

    def reload(self) -> None:
        """Load the page again."""
        self.page.reload()
        self._look()

    def _look(self) -> None:
        expect(self.page.locator("[data-state=loading]")).to_have_count(0)
        self.traveller.watch.look(self.page)

    def shows(self, words: Words) -> None:
        """A card has this heading."""
        expect(self.page.get_by_role("heading", name=self.traveller.said(words), exact=True)).to_be_visible()
        self.traveller.watch.look(self.page)

    def says(self, words: Words) -> None:
        """These words are part of a sentence."""
        self.traveller.sees(words)
        self.traveller.watch.look(self.page)

    def tap(self, words: Words) -> None:
        """Press a button."""
        self.traveller.button(words).click()

    def put_away(self) -> None:
        """Leave the page open, and look elsewhere."""
        self.page.evaluate(TURN_AWAY, "hidden")

    def take_out(self) -> None:
        """Look at it again."""
        self.page.evaluate(TURN_AWAY, "visible")

    def look_up(self) -> None:
        """Have the page look at once, as it does when the phone is taken out; by itself it looks every few seconds."""
        self.put_away()
        self.take_out()

    def is_asked(self) -> None:
        """Look whether a sign-in waits for an answer."""
        self.look_up()
        self.shows(ASKED)

    @property
    def digits(self) -> Locator:
        """The one field."""
        return self.traveller.field(DIGITS)

    def approve(self, digits: str) -> None:
        """Type the digits, and confirm."""
        self.digits.fill(digits)
        self.tap(w.CONFIRM)

    def scan(self, link: str, name: str = NAME) -> None:
        """Scan the code, and ask to be connected."""
        self.open(link)
        assert urlsplit(self.page.url).fragment == "", "the token leaves the address at once"
        self.traveller.type(DEVICE_NAME, name)
        self.tap(CONNECT)

    def connect(self, link: str, shown_by: Traveller | None = None) -> None:
        """Scan the code, and be confirmed on the page that shows it, in that window or in a browser without one."""
        self.scan(link)
        self.be_confirmed(shown_by)
        self.says(CONNECTED)
        self.shows(QUIET)

    def be_confirmed(self, shown_by: Traveller | None = None) -> None:
        """Wait to be confirmed, and be it."""
        self.shows(CONFIRM_THERE)
        if shown_by:
            confirm_on_page(shown_by)
        else:
            confirm(self.traveller.person.browser, self.confirm_path)
            self.look_up()

    @property
    def confirm_path(self) -> str:
        """The page that shows the code, where somebody on this very device could go on."""
        link = self.page.locator("[data-fill-link]").get_attribute("href")
        assert link
        return urlsplit(link).path


def confirm_on_page(owner: Traveller, press: Words = w.ADD) -> None:
    """Wait until the page that shows the code shows a device, and press a button there."""
    expect(owner.page.get_by_role("heading", name=owner.said(YOURS), exact=True)).to_be_visible()
    owner.watch.look(owner.page)
    owner.press(press)


def code_on_profile(owner: Traveller) -> str:
    """Have a code shown on the profile page; gives the link that it holds."""
    owner.open("/profile")
    owner.go_by(owner.page.get_by_role("button", name=owner.said(PUSH)))
    return code_of(owner)


def code_of(owner: Traveller) -> str:
    """The link that the code holds which the page shows."""
    link = owner.page.locator("[data-invitation] a").get_attribute("href")
    assert link
    return link


def code_for(person: Person) -> str:
    """Sign in and have a code shown, by the same steps without a window; gives the link that it holds."""
    person.sign_in()
    return f"{person.server.origin}/device#enrol={invited(person)}"


def digits_at(desk: Traveller) -> str:
    """Sign in with the password; gives the digits that the page then shows."""
    desk.open("/sign-in")
    desk.give_password()
    desk.is_at("/sign-in/push")
    return shown_digits(desk)


def shown_digits(desk: Traveller) -> str:
    """The digits on the sign-in page."""
    return re.sub(r"\D", "", desk.page.locator(".digits [aria-hidden]").inner_text())


class Household(NamedTuple):
    """One person with a phone that is connected, and a desk at which they sign in."""

    phone: Handset
    desk: Traveller


Connected = Callable[..., Household]
