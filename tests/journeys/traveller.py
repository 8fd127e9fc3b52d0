"""A person at a real browser: what they do is a verb, and every page they come to is watched."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from functools import partial
from itertools import count

from playwright.sync_api import BrowserContext, Error, Locator, Page, expect

from harness.person import PASSWORD, Person
from harness.server import Server
from harness.sinks import Delivered, Sink
from tests.journeys import words as w
from tests.journeys.watch import Watch
from tests.journeys.words import Words

new_numbers = count(1)
texts_read: dict[str, int] = {}  # by number: a phone is one phone, whichever browser its owner sits at
OVERTAKEN = re.compile("interrupted by another navigation|net::ERR_ABORTED")
NEW_BROWSER = re.compile(r"new browser|neuen Browser")


@dataclass
class Traveller:
    """One person in one browser; `language` is what they read, `presses`, `keys`, `pages` are what a journey costs."""

    server: Server
    person: Person
    context: BrowserContext
    watch: Watch
    language: str
    name: str = "Erika Muster"
    new_number: str = field(default_factory=lambda: f"+4915207{next(new_numbers):06}")
    page: Page = field(init=False)
    presses: int = field(default=0, init=False)
    keys: int = field(default=0, init=False)
    pages: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()

    @property
    def new_number_in_full(self) -> str:
        """The new number as the page shows it where it was typed."""
        return f"+49 {self.new_number[3:7]} {self.new_number[7:]}"

    # What they see

    def said(self, words: Words | str) -> str:
        """The words in the language that they read."""
        return words if isinstance(words, str) else str(getattr(words, self.language))

    def button(self, words: Words | str) -> Locator:
        """A button by its name."""
        return self.page.get_by_role("button", name=self.said(words), exact=True)

    def link(self, words: Words | str) -> Locator:
        """A link by its name."""
        return self.page.get_by_role("link", name=self.said(words), exact=True)

    def field(self, words: Words | str) -> Locator:
        """A field by its label."""
        return self.page.get_by_label(self.said(words), exact=True)

    def sees(self, words: Words | str) -> None:
        """These words stand on the page, alone or within a sentence."""
        expect(self.page.get_by_text(self.said(words)).filter(visible=True).first).to_be_visible()

    def is_at(self, path: str) -> None:
        """This is the page's address, without its query."""
        expect(self.page).to_have_url(re.compile(f"^[^/]*//[^/]*{re.escape(path)}([?#].*)?$"))

    # What they do

    def open(self, path: str) -> None:
        """Enter an address of the service."""
        self._leave_for(partial(self.page.goto, self.server.origin + path))
        self.pages += 1
        self.watch.look(self.page)

    def _leave_for(self, go: Callable[[], object]) -> None:
        """Leave a page which may go on by itself just then: the way of one of the two ends, as it does for people."""
        with self.watch.forgiving_aborts():
            try:
                go()
            except Error as error:
                if not OVERTAKEN.search(error.message):
                    raise
                go()

    def press(self, words: Words | str) -> None:
        """Press a button that leads to another page."""
        self.go_by(self.button(words))

    def follow(self, words: Words | str) -> None:
        """Follow a link."""
        self.go_by(self.link(words))

    def go_by(self, part: Locator) -> None:
        """Press something that leads to another page."""
        with self.page.expect_navigation():
            part.click()
        self.presses, self.pages = self.presses + 1, self.pages + 1
        self.watch.look(self.page)

    def tap(self, words: Words | str) -> None:
        """Press a button that changes something on the page itself."""
        self.button(words).click()
        self.presses += 1
        self.watch.look(self.page)

    def freeze(self) -> None:
        """Press the button that freezes, after typing the digits that it asks for in a strange browser."""
        digits = self.page.locator("#digits")
        if digits.count():
            label = self.page.locator("label[for=digits]").inner_text()
            digits.fill("".join(each for each in label if each.isdigit()))
        self.press(w.FREEZE)

    def reload(self) -> None:
        """Load the page again."""
        self._leave_for(self.page.reload)
        self.watch.look(self.page)

    def type(self, words: Words | str, text: str) -> None:
        """Fill in a field."""
        self.field(words).fill(text)
        self.keys += len(text)

    # What they receive

    @property
    def mailbox(self) -> Sink[Delivered]:
        """All mails that arrived anywhere."""
        return self.server.sinks.mail

    def mail(self, subject: Words | str, turn: int = 1) -> Delivered:
        """Wait for the mail with this subject, or for its copy number so-and-so."""
        fitting: list[Delivered] = []
        while len(fitting) < turn:
            arrived = self.mailbox.to(self.person.email)
            fitting = [mail for mail in arrived if mail.subject == self.said(subject)]
            if len(fitting) < turn:
                self.mailbox.wait(self.person.email, len(arrived) + 1)
        return fitting[turn - 1]

    def text(self, number: str = "", *, code: bool = True) -> Delivered:
        """Wait for the next text to a number that carries a code, or that tells of an act and not of a new browser."""
        phone = number or self.person.number
        while True:
            turn = texts_read[phone] = texts_read.get(phone, 0) + 1
            text = self.server.sinks.sms.wait(phone, turn)
            if text.is_code is code and not NEW_BROWSER.search(text.text):
                return text

    def open_mail(self, mail: Delivered, words: Words | str) -> None:
        """Press a button of a mail, as it is drawn, and go on in the window that opens."""
        reader = self.context.new_page()
        reader.set_content(drawn(mail))
        self.watch.look(reader)
        with self.context.expect_page() as opened:
            reader.get_by_role("link", name=self.said(words), exact=True).click()
        self.presses, self.pages = self.presses + 1, self.pages + 1
        reader.close()
        with self.watch.forgiving_aborts():  # it may be on its way to the next by itself
            self.page.close()
        self.page = opened.value
        self.page.wait_for_load_state()
        self.watch.look(self.page)

    # The steps of a journey

    def give_password(self, password: str = PASSWORD) -> None:
        """Enter address and password on the sign-in page, where the address may stand already."""
        if self.field(w.EMAIL).input_value() != self.person.email:
            self.type(w.EMAIL, self.person.email)
        self.type(w.PASSWORD, password)
        self.press(w.SIGN_IN)

    def give_code(self, code: str) -> None:
        """Enter a code."""
        self.field(w.CODE).press_sequentially(code)  # whole at once, it would submit itself
        self.keys += len(code)
        self.press(w.CONFIRM)

    def let_fill_in(self, code: str) -> None:
        """Have the phone fill a code in, which then submits itself."""
        with self.page.expect_navigation():
            self.field(w.CODE).fill(code)
        self.pages += 1
        self.watch.look(self.page)

    def sign_in(self) -> None:
        """Come to the start page with password and code."""
        self.open("/sign-in")
        self.give_password()
        self.give_code(self.text().code)
        self.is_at("/profile")

    def open_profile(self) -> None:
        """Come to the profile by the menu."""
        self.tap(self.name)
        self.follow(w.PROFILE)
        self.is_at("/profile")

    def ask_for_change(self) -> None:
        """Pencil, dialog, confirm."""
        self.open("/profile")
        self.tap(w.CHANGE_NUMBER)
        self.press(w.CONFIRM)

    def arrive(self) -> None:
        """Be signed in already, by the same steps without a window: they are walked elsewhere."""
        self.person.sign_in()
        self.go_on()

    def arrive_to_manage(self) -> None:
        """Be signed in already, and have given the password once more, so that methods can be changed."""
        self.person.sign_in_to_manage()
        self.go_on()

    def prove_again(self, verb: Words, password: str = PASSWORD) -> None:
        """Give the password on the page that asks for it once more, whose button has the act's own verb."""
        self.is_at("/reauthenticate")
        self.type(w.PASSWORD, password)
        self.press(verb)

    def arrive_after_reset(self) -> None:
        """Have removed the number already, in this browser."""
        self.person.reset_number()
        self.go_on()
        self.open("/phone-change/removed")

    def go_on(self) -> None:
        """Open a window where they are already, having come there without one."""
        host = self.server.origin.replace("http:", "https:")  # where secure cookies belong; they go to loopback too
        jar = self.person.browser.cookies.items()
        self.context.add_cookies([{"name": name, "value": value, "url": host, "secure": True} for name, value in jar])
        texts_read[self.person.number] = 1  # the code of the sign-in

    def come_to_number(self) -> None:
        """Come as far as the page on which the new number is entered."""
        self.arrive_after_reset()
        self.follow(w.SIGN_IN)
        self.give_password()
        self.is_at("/sign-in/number")

    def enter_number(self, number: str = "") -> None:
        """Enter the new number and come to its code."""
        self.type(w.NEW_NUMBER, number or self.new_number)
        self.press(w.SEND_CODE)

    def sent(self, notice: str) -> int:
        """How many messages of a kind were written for this account."""
        sql = f"SELECT 1 FROM outbox WHERE account_id = '{self.person.account_id}' AND notice = '{notice}'"  # noqa: S608
        return len(self.server.rows(sql))


def drawn(mail: Delivered) -> str:
    """The half of a mail that a reader's program draws."""
    body = message_from_bytes(mail.raw, policy=policy.default).get_body(("html",))
    assert body, mail.subject
    return str(body.get_content())
