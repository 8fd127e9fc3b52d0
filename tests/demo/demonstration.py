"""`renumber demo` as whoever runs `make demo` meets it: a command, one address, and a page in a browser."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import FrameLocator, Locator, Page, expect

from harness.ports import free_port
from renumber.demo.accounts import DemoAccount
from renumber.demo.staff import DemoPerson
from tests.journeys import words as w
from tests.journeys.words import Words

RENUMBER = Path(sys.executable).with_name("renumber")
ENDS_WITHIN = 20  # seconds
# What whoever starts it has set for a service of their own; with a key beside its key file, ours would not start.
OTHER_SETTINGS = {"RENUMBER_BASE_URL": "https://account.example.com", "RENUMBER_SECRET_KEY": "k" * 32}
INVITATION = re.compile(r"open (http://\S+)")


@dataclass
class Demonstration:
    """A running demonstration."""

    process: subprocess.Popen[str]
    invitation: str

    @property
    def address(self) -> str:
        """The one to open."""
        found = INVITATION.search(self.invitation)
        assert found, self.invitation
        return found[1]

    @property
    def port(self) -> int:
        return int(self.address.split(":")[2].partition("/")[0])

    def end(self, sent: signal.Signals = signal.SIGTERM) -> int:
        """End it as Ctrl-C or a service manager does."""
        self.process.send_signal(sent)
        return self.process.wait(ENDS_WITHIN)


def command(*options: str) -> list[str]:
    return [str(RENUMBER), "demo", *options]


@contextmanager
def running_demo(*options: str) -> Iterator[Demonstration]:
    """Run the demonstration until the block ends."""
    wanted = options or ("--port", str(free_port()))
    environment = {**os.environ, **OTHER_SETTINGS}
    with subprocess.Popen(
        command(*wanted), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        lines = []
        while (line := process.stdout.readline()) and "Ctrl-C" not in line:
            lines.append(line)
        try:
            yield Demonstration(process, "".join(lines))
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(ENDS_WITHIN)


@dataclass
class DemoPage:
    """The page, seen by someone who reads one language; `presses`, `fields`, `keys`, `pages` are what a walk costs."""

    page: Page
    language: str
    presses: int = 0
    fields: int = 0
    keys: int = 0
    pages: int = 0

    def said(self, words: Words) -> str:
        return words.de if self.language == "de" else words.en

    @property
    def app(self) -> FrameLocator:
        """The web app in its frame."""
        return self.page.frame_locator("iframe[name=app]")

    @property
    def mail(self) -> FrameLocator:
        """The mail that is open."""
        return self.page.frame_locator("#mail")

    @contextmanager
    def turning(self, part: Locator | None = None) -> Iterator[None]:
        """The act within leads to another page: go on once that one is there, since an act before it would end its way.

        An address or a field that both pages have tells them apart no more than they tell people.
        """
        (part or self.app.locator("html")).evaluate("part => part.ownerDocument.documentElement.dataset.left = ''")
        yield
        expect(self.app.locator("html[data-left]")).to_have_count(0)
        expect(self.app.locator("html")).to_be_attached()
        shown = self.page.frame(name="app")
        assert shown
        shown.wait_for_load_state()
        self.pages += 1

    def press(self, words: Words) -> None:
        """Press a button of the web app that leads on."""
        self._lead_on("button", words)

    def follow(self, words: Words) -> None:
        """Follow a link of the web app."""
        self._lead_on("link", words)

    def _lead_on(self, role: Literal["button", "link"], words: Words) -> None:
        part = self.app.get_by_role(role, name=self.said(words), exact=True)
        self.press_part(part)

    def press_part(self, part: Locator) -> None:
        """Press something of the web app that leads on."""
        with self.turning(part):
            part.click()
        self.presses += 1

    def press_beside(self, name: str) -> None:
        """Press a button of the demonstration that leads the web app elsewhere."""
        with self.turning():
            self.page.get_by_role("button", name=name, exact=True).click()
        self.presses += 1

    def fill(self, words: Words, text: str) -> None:
        """Fill in a field of the web app."""
        self.app.get_by_label(self.said(words), exact=True).fill(text)
        self.fields, self.keys = self.fields + 1, self.keys + len(text)

    def select(self, words: Words, value: str) -> None:
        """Choose from a list of the web app."""
        self.app.get_by_label(self.said(words), exact=True).select_option(value)
        self.fields += 1

    def is_at(self, path: str) -> None:
        """The address bar says where the web app is."""
        expect(self.page.locator("#address")).to_have_text(
            re.compile(r"^localhost:\d+" + re.escape(path) + r"(\?.*)?$")
        )

    def has_tried(self, *trials: str) -> None:
        """These are ticked on the list, and no others."""
        expect(self.page.locator("[data-trial].done")).to_have_count(len(trials))
        for trial in trials:
            expect(self.page.locator(f"[data-trial={trial}].done")).to_be_attached()

    def change_browser(self, words: Words) -> None:
        """Go on in the other of the two browsers."""
        self.press_beside(self.said(words))
        self.is_at("/sign-in")

    def sign_out(self, person: DemoAccount) -> None:
        self.app.get_by_role("button", name=person.name).click()
        with self.turning():
            self.app.get_by_role("navigation").get_by_role("button", name=self.said(w.SIGN_OUT)).click()
        self.is_at("/sign-in")

    def choose(self, person: DemoPerson) -> None:
        """Look at someone's mailbox and phones."""
        self.page.get_by_role("radio", name=person.first_name).check()
        self.presses += 1

    def let_pass(self, name: str) -> None:
        """Press a button that moves the clock."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.presses += 1

    def texts(self, number: str) -> Locator:
        """What is on a phone."""
        return self.page.locator(f'.phone[data-number="{number}"] .texts > li')

    def give_code_number(self, count: int, number: str) -> None:
        """Wait for so many messages on a phone, and type the last code; what else was told may come after it."""
        expect(self.texts(number)).to_have_count(count)
        self.give_code(self.texts(number).locator(".code").last.inner_text())

    def give_code(self, code: str) -> None:
        """Type a code, and confirm it."""
        self.app.get_by_label(self.said(w.CODE), exact=True).press_sequentially(code)
        self.fields, self.keys = self.fields + 1, self.keys + len(code)
        self.press(w.CONFIRM)

    def give_password(self, person: DemoPerson) -> None:
        """Sign in with what the page shows."""
        self.fill(w.EMAIL, person.email)
        self.fill(w.PASSWORD, person.password)
        self.press(w.SIGN_IN)

    def sign_in(self, person: DemoAccount, texts: int = 1) -> None:
        self.give_password(person)
        self.give_code_number(texts, person.number.e164)
        self.is_at("/profile")

    def open_profile(self, person: DemoAccount) -> None:
        self.app.get_by_role("button", name=person.name).click()
        with self.turning():
            self.app.get_by_role("navigation").get_by_role("link", name=self.said(w.PROFILE)).click()
        self.is_at("/profile")

    def ask_for_a_change(self) -> None:
        self.app.get_by_role("button", name=self.said(w.CHANGE_NUMBER), exact=True).click()  # a dialog asks
        self.press(w.CONFIRM)
        self.sees_mail(w.MAIL_1)

    def sees_mail(self, subject: Words) -> None:
        """The newest mail opens by itself."""
        expect(self.page.locator("#reading-subject")).to_have_text(self.said(subject))
        expect(self.page.locator("#mails li").first).to_contain_text(self.said(subject))

    def open_in_mail(self, words: Words) -> None:
        """Follow a link of the open mail, which leads the web app there."""
        with self.turning():
            self.mail.get_by_role("link", name=self.said(words), exact=True).click()
        self.presses += 1

    def use_the_link(self) -> None:
        self.open_in_mail(w.CHANGE_NUMBER)
        self.press(w.CHANGE_NUMBER)
        self.sees_mail(w.MAIL_2)

    def enter_new_number(self, person: DemoAccount) -> None:
        number = person.new_number.e164
        self.fill(w.NEW_NUMBER, number)
        self.press(w.SEND_CODE)
        self.give_code_number(1, number)
        self.is_at("/phone-change/finished")
        self.sees_mail(w.MAIL_3)
