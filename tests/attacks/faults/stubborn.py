"""Somebody who is interrupted at every step and goes on from where the start page leads."""

from collections.abc import Callable

from harness.person import LINK, Person
from harness.visitor import Reply

MOST_STEPS = 60
Post = Callable[[str, dict[str, str]], Reply]


class PowerCut(Exception):
    """The reply never came."""


class Stubborn:
    """Makes the whole journey with a browser whose every post goes through `post`."""

    def __init__(self, person: Person, number: str, post: Post) -> None:
        self.person, self.number, self.post = person, number, post
        self.steps: list[str] = []
        self._next = {
            "/sign-in": self._give_password,
            "/sign-in/code": self._give_code,
            "/sign-in/email-code": self._give_mailbox_code,
            "/sign-in/number": self._enter_number,
            "/sign-in/number/code": self._prove_number,
            "/profile": self._ask_or_press,
        }

    def travel(self) -> None:
        """Go on until the new number is bound."""
        page = self._look()
        while not self._is_done(page):
            path = page.path.partition("?")[0]
            self.steps.append(path)
            assert len(self.steps) < MOST_STEPS, f"it does not go on: {self.steps}"
            try:
                page = self._follow(self._next[path]())
            except PowerCut:
                page = self._look()

    def _follow(self, reply: Reply) -> Reply:
        is_a_step = reply.status == 303 and reply.location.partition("?")[0] in self._next
        return self.person.browser.get(reply.location) if is_a_step else self._look()

    def _look(self) -> Reply:
        page = self.person.browser.get("/profile")
        is_in_the_middle = page.status == 403
        return self.person.browser.get("/sign-in/number") if is_in_the_middle else page

    def _is_done(self, page: Reply) -> bool:
        return f"+49 ••• ••• {self.number[-3:]}" in page.text and page.path == "/profile"

    def _give_password(self) -> Reply:
        return self.post("/sign-in", {"email": self.person.email, "password": self.person.password})

    def _newest(self, *numbers: str) -> str:
        self.person.server.await_sent(self.person.account_id)
        texts = self.person.server.sinks.sms.attempts
        return [text for text in texts if text.to in numbers and "#" in text.text][-1].code

    def _give_code(self) -> Reply:
        return self.post("/sign-in/code", {"code": self._newest(self.person.number, self.number)})

    def _give_mailbox_code(self) -> Reply:
        self.person.server.await_sent(self.person.account_id)
        return self.post("/sign-in/email-code", {"code": self.person.mail("Your code").code})

    def _enter_number(self) -> Reply:
        return self.post("/sign-in/number", {"country": "DE", "number": self.number})

    def _prove_number(self) -> Reply:
        return self.post("/sign-in/number/code", {"code": self._newest(self.number)})

    def _ask_or_press(self) -> Reply:
        if not self.person.rows("phone_change"):
            self.person.browser.get("/phone-change/new")
            return self.post("/phone-change", {})
        self.person.server.await_sent(self.person.account_id)
        link = [mail for mail in self.person.mails if LINK in mail.text][-1].link(LINK)
        page = self.person.browser.get(link)
        if page.status == 410:
            return self.person.browser.get("/sign-in")
        return self.post(link, {})
