"""An account holder, and the steps of the journey as verbs."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.sinks import Delivered
from harness.tables import Rows, rows_of_account
from harness.visitor import Reply, Visitor

if TYPE_CHECKING:
    from harness.server import Server

PASSWORD = "correct horse battery"
DIGITS_TO_TYPE = re.compile(r"(?:Type|Tippen Sie hier) (\d{3}) (?:here|ein)")
LINK, STOP, NEW_PASSWORD = "/phone-change/link", "/freeze", "/sign-in/new-password"
RELEASE = "/sign-in/release/link"


def digits_asked(page: Reply) -> dict[str, str]:
    """What a person types on the page that freezes, where it asks for it."""
    asked = DIGITS_TO_TYPE.search(page.text)
    return {"digits": asked[1]} if asked else {}


@dataclass
class Person:
    """Somebody with a mailbox, a phone and a browser."""

    server: "Server" = field(repr=False)
    email: str
    number: str
    account_id: str
    password: str = PASSWORD
    new_number: str = ""

    def __post_init__(self) -> None:
        self.browser: Visitor = self.server.visitor()

    @property
    def mails(self) -> list[Delivered]:
        """The mailbox."""
        return self.server.sinks.mail.to(self.email)

    @property
    def texts(self) -> list[Delivered]:
        """The phone."""
        return self.server.sinks.sms.to(self.number)

    def rows(self, table: str) -> Rows:
        """What a table holds of this account."""
        return rows_of_account(self.server.url, table, self.account_id)

    @property
    def account(self) -> dict[str, Any]:
        """The account's own row."""
        return self.rows("account")[0]

    def acts(self, act: str) -> int:
        """How often the history has this act."""
        return sum(row["act"] == act for row in self.rows("audit"))

    def times(self, act: str) -> int:
        """How often something stands in the account's history, or was counted within the hour because it does."""
        (row,) = self.server.rows(f"SELECT refusals FROM account WHERE account_id = '{self.account_id}'")  # noqa: S608
        counted: dict[str, int] = json.loads(row["refusals"])[2] if row["refusals"] else {}
        return self.acts(act) + counted.get(act, 0)

    def told(self, notice: str) -> Counter[str]:
        """How often this was told, by channel, whether it has left the house or not."""
        return Counter(row["channel"] for row in self.rows("outbox") if row["notice"] == notice)

    @property
    def live_sessions(self) -> int:
        """How many sessions were not ended."""
        return sum(row["ended_at"] is None for row in self.rows("session"))

    def mail(self, words: str) -> Delivered:
        """Wait for the newest mail with these words."""
        return self.server.sinks.mail.find(self.email, words)

    @property
    def codes(self) -> list[Delivered]:
        """The texts on the phone that carry a code."""
        return [text for text in self.texts if text.is_code]

    def text(self, turn: int) -> Delivered:
        """Wait for the text with code number so-and-so on this phone, counted from one."""
        while len(self.codes) < turn:
            self.server.sinks.sms.wait(self.number, len(self.texts) + 1)
        return self.codes[turn - 1]

    def give_password(self, browser: Visitor | None = None, password: str = "") -> Reply:
        """Enter address and password."""
        at = browser or self.browser
        at.get("/sign-in")
        return at.post("/sign-in", {"email": self.email, "password": password or self.password})

    def sign_in(self, browser: Visitor | None = None) -> Visitor:
        """Enter address, password and the code from the phone."""
        at, seen = browser or self.browser, len(self.codes)
        reply = self.give_password(at)
        assert reply.location == "/sign-in/code", f"{reply.status} {reply.location}"
        at.get("/sign-in/code")
        reply = at.post("/sign-in/code", {"code": self.text(seen + 1).code})
        assert reply.location == "/profile", reply.text
        at.get("/profile")
        return at

    def request_change(self) -> str:
        """Confirm the dialog; gives the path of the link in the first mail."""
        asked = self.browser.get("/phone-change/new")
        assert asked.path == "/phone-change/new", asked.path
        seen = len([each for each in self.mails if LINK in each.text])
        reply = self.browser.post("/phone-change")
        assert reply.location == "/profile?notice=change_requested", f"{reply.status} {reply.location}"
        return self.link(seen + 1)

    def sign_in_to_manage(self) -> Visitor:
        """Sign in, and enter the password once more, so that methods can be changed."""
        browser = self.sign_in()
        self.reauthenticate()
        return browser

    def reauthenticate(self) -> None:
        """Enter the password again."""
        self.browser.get("/reauthenticate")
        assert self.browser.post("/reauthenticate", {"password": self.password}).location == "/profile"

    def link(self, turn: int = 1) -> str:
        """Wait for the first mail, or for its newer copy number so-and-so."""
        sink = self.server.sinks.mail
        while len(found := [each for each in self.mails if LINK in each.text]) < turn:
            sink.wait(self.email, len(self.mails) + 1)
        return found[turn - 1].link(LINK)

    def press(self, link: str, browser: Visitor | None = None) -> Reply:
        """Open the link, type the digits that the page shows to a strange browser, and press its button."""
        at = browser or self.browser
        return at.post(link, digits_asked(at.get(link)))

    def enter_number(self, number: str, browser: Visitor | None = None) -> Reply:
        """Enter the new number."""
        at = browser or self.browser
        at.get("/sign-in/number")
        return at.post("/sign-in/number", {"country": "DE", "number": number})

    def prove_number(self, number: str, browser: Visitor | None = None) -> Reply:
        """Enter the newest code that came to the new number."""
        at = browser or self.browser
        at.get("/sign-in/number/code")
        self.server.await_sent(self.account_id)
        codes = [each.code for each in self.server.sinks.sms.to(number) if "#" in each.text]
        return at.post("/sign-in/number/code", {"code": codes[-1]})

    def reset_number(self) -> str:
        """Sign in, ask for the change and press its link; gives the link."""
        self.sign_in()
        link = self.request_change()
        assert self.press(link).location == "/phone-change/removed"
        return link

    def come_to_number(self) -> Visitor:
        """Come as far as the new number's page, in the browser that pressed."""
        self.reset_number()
        reply = self.give_password()
        assert reply.location == "/sign-in/number", reply.location
        return self.browser

    def change_number(self, number: str) -> None:
        """Make the whole journey."""
        self.come_to_number()
        assert self.enter_number(number).location == "/sign-in/number/code"
        reply = self.prove_number(number)
        assert reply.location == "/phone-change/finished", reply.text
        self.browser.get("/phone-change/finished")
