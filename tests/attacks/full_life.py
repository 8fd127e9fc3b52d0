"""Five people to whom everything happens that this house tells anyone of, by browsers that forge what they can."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.owner import digits_on, finish, owner_of, subscribe
from harness.passkeys import give_passkey, sign_in_alone
from harness.person import NEW_PASSWORD, PASSWORD, STOP, Person
from harness.recovery_codes import come_to_codes, give_code, make_codes
from harness.server import Server, new_number
from harness.sinks import Delivered
from harness.soft_authenticator import SoftAuthenticator
from harness.visitor import Reply, Visitor
from tests.attacks.customer_relations import cancel_all, check_caller, check_caller_by_mail, end_wait, help_with_a_case

ANOTHER_PASSWORD = "a very different horse"
STRANGE_NUMBER = "+4915100000000"
FIELDS_OF_NO_FORM = {
    "phone": STRANGE_NUMBER,
    "new_number": STRANGE_NUMBER,
    "verified": "true",
    "state": "completed",
    "account_id": "0" * 32,
    "change_id": "0" * 32,
    "factor": "phone",
    "session_id": "0" * 32,
    "wrong_guesses": "-100",
    "version": "0",
}
QUIET_FOR = 11 * 60  # seconds after which the limits of sending have room again
PAUSE = 31


@dataclass
class Life:
    """What happened on one server, with everyone who took part."""

    server: Server
    name: str
    dress: Callable[[Visitor, int], None]
    people: list[Person] = field(default_factory=list)
    visitors: list[Visitor] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    recovery_codes: list[str] = field(default_factory=list)
    digits: list[str] = field(default_factory=list)
    of_pushes: list[str] = field(default_factory=list)

    def person(self, *, number: str | None = "", verified: bool = True) -> Person:
        """Somebody new, whose browser forges too."""
        somebody = self.server.person(self.name, number=number, verified=verified)
        self.people.append(somebody)
        self.numbers += [somebody.number] if somebody.number else []
        return self._joined(somebody)

    def _joined(self, somebody: Person) -> Person:
        self._dressed(somebody.browser)
        return somebody

    def visitor(self) -> Visitor:
        """Another browser."""
        return self._dressed(self.server.visitor())

    def _dressed(self, browser: Visitor) -> Visitor:
        self.dress(browser, len(self.visitors))
        self.visitors.append(browser)
        return browser

    def number(self) -> str:
        """A number that nobody has yet."""
        self.numbers.append(new_number())
        return self.numbers[-1]

    @property
    def messages(self) -> list[Delivered]:
        """All that arrived anywhere."""
        sinks = self.server.sinks
        mails = [mail for person in self.people for mail in sinks.mail.to(person.email)]
        return mails + [text for number in dict.fromkeys(self.numbers) for text in sinks.sms.to(number)]

    def notices(self) -> set[str]:
        """What was told to anyone of them."""
        return {row["notice"] for person in self.people for row in person.rows("outbox")}


def live(server: Server, name: str, dress: Callable[[Visitor, int], None]) -> Life:
    """Let everything happen."""
    life = Life(server, name, dress)
    _everything_on_one_account(life, life.person(verified=False))
    _first_number(life, life.person(number=None))
    _invitation(life, life.person(number=None))
    _doubted_password(life, life.person())
    _suspension(life, life.person())
    _guessed_mailbox(life, life.person())
    _guessed_release(life, life.person())
    _guessed_for_ever(life, life.person())
    _passkeys(life, life.person())
    _use_recovery_codes(life, life.person())
    _pushes(life, life.person())
    _recovery(life, life.person())
    _company(life, life.person(), administrator=life.person())
    _call(life, life.person())
    for person in life.people:
        server.await_sent(person.account_id)
    return life


def _everything_on_one_account(life: Life, person: Person) -> None:
    _mistype_and_sign_in(person)
    person.sign_in(life.visitor())
    person.browser.get("/profile")
    person.browser.post("/sessions/end-others")
    _change(life, person)
    stop = person.mail("Your phone number was changed").link(STOP)
    assert person.press(stop).location == stop
    life.server.move(QUIET_FOR)
    _ask_for_a_link(person)
    _release(person)


def _recovery(life: Life, person: Person) -> None:
    """Ask for recovery after the password; customer relations take it to the link, and drop another case."""
    person.browser.get(person.give_password().location)
    person.browser.get("/sign-in/help")
    assert person.browser.post("/sign-in/recovery").location == "/sign-in/recovery/sent"
    person.sign_in(life.visitor())
    help_with_a_case(life.server, person)
    other = life.person()
    other.sign_in()
    other.request_change()
    cancel_all(life.server, other)


def _call(life: Life, person: Person) -> None:
    """Prove oneself on the phone by a text, then say that it is somebody else who calls."""
    _open_check(life, person, "phone")
    proven = person.browser.post("/caller/check/code", {"code": person.text(1).code})
    assert proven.location == "/caller/check", proven.text
    check_caller_by_mail(life.server, person)
    link = person.mail("/caller/link").link("/caller/link")
    person.browser.get(link)
    assert person.browser.post(link).location == "/caller/check"
    person.browser.get("/caller/check")
    assert person.browser.post("/caller/check/not-me").location == "/caller/check"


def _open_check(life: Life, person: Person, method: str) -> None:
    number = check_caller(life.server, person)
    person.browser.get("/caller")
    assert person.browser.post("/caller", {"number": number}).location == "/caller/check"
    person.browser.get("/caller/check")
    assert person.browser.post(f"/caller/check/method/{method}").location == "/caller/check"


def _company(life: Life, person: Person, *, administrator: Person) -> None:
    """Ask for a change that waits for a company, whose administrator has an app and doesn't answer."""
    life.server.run("organisation", "add", "Example GmbH", "--changes-wait", "yes")
    for somebody in (person, administrator):
        life.server.run("organisation", "join", somebody.email, "--organisation", "Example GmbH")
    life.server.run("organisation", "administrator", administrator.email)
    has_app = f"UPDATE account SET factors = 'app' WHERE account_id = '{administrator.account_id}'"  # noqa: S608 - ours
    life.server.write(has_app)
    person.sign_in()
    person.browser.get("/phone-change/new")
    assert person.browser.post("/phone-change").location == "/profile?notice=change_waits"
    over = f"UPDATE phone_change SET company_until = 0 WHERE account_id = '{person.account_id}'"  # noqa: S608 - ours
    life.server.write(over)
    end_wait(life.server, person)


def _invitation(life: Life, person: Person) -> None:
    """An account that the operator enters without a password: its first number is bound after a wait."""
    life.server.write(f"UPDATE account SET password_hash = '' WHERE account_id = '{person.account_id}'")  # noqa: S608 - ours
    life.server.run("account", "invite", person.email)
    link = person.mail("Choose the password of your new account").link(NEW_PASSWORD)
    person.browser.get(link)
    assert person.browser.post(link, {"password": ANOTHER_PASSWORD}).status == 303
    assert person.give_password(password=ANOTHER_PASSWORD).location == "/sign-in/email-code"
    person.browser.get("/sign-in/email-code")
    proven = person.browser.post("/sign-in/email-code", {"code": person.mail("Your code to confirm").code})
    assert proven.location == "/sign-in/wait"


def _mistype_and_sign_in(person: Person) -> None:
    person.give_password()
    person.browser.get("/sign-in/code")
    right = person.text(1).code
    person.browser.submit("/sign-in/code", {"code": f"{(int(right) + 1) % 1_000_000:06}"})
    assert person.browser.submit("/sign-in/code", {"code": right}).path == "/profile"


def _change(life: Life, person: Person) -> None:
    number = life.number()
    assert person.press(person.request_change()).location == "/phone-change/removed"
    person.give_password()
    person.enter_number(number)
    assert person.prove_number(number).location == "/phone-change/finished"
    life.server.move(QUIET_FOR)


def _ask_for_a_link(person: Person) -> None:
    person.browser.get("/sign-in/forgotten")
    person.browser.post("/sign-in/forgotten", {"email": person.email})


def _forget(person: Person) -> None:
    _ask_for_a_link(person)
    link = person.mail("Choose a new password").link(NEW_PASSWORD)
    person.browser.get(link)
    assert person.browser.post(link, {"password": ANOTHER_PASSWORD}).status == 303
    person.password = ANOTHER_PASSWORD


def _release(person: Person) -> None:
    browser = person.browser
    assert person.give_password().location == "/sign-in/release"
    browser.get("/sign-in/release")
    browser.submit("/sign-in/release")
    browser.submit("/sign-in/release/email", {"code": person.mail("code to release").code})
    code = person.server.sinks.sms.find(person.number, "to release").code
    assert browser.post("/sign-in/release/phone", {"code": code}).location == "/sign-in?notice=released"


def _doubted_password(life: Life, person: Person) -> None:
    """A password that was renewed by mail: it waits before it changes a number, and before it releases the account."""
    _forget(person)
    life.server.move(QUIET_FOR)
    life.server.await_sent(person.account_id)
    person.sign_in()
    assert person.browser.post("/profile/wait").location == "/profile/wait"
    life.server.run("account", "freeze", person.email, "--reason", "a call")
    _wait_for_release(life, person)
    stop = person.mail("will soon be released").link(STOP)
    assert person.press(stop).location == stop
    earlier = "UPDATE account SET frozen_at = frozen_at - 700000000"
    life.server.write(f"{earlier} WHERE account_id = '{person.account_id}'")
    _wait_for_release(life, person)  # which nothing stops any more


def _wait_for_release(life: Life, person: Person) -> None:
    life.server.move(QUIET_FOR)
    person.give_password()
    person.browser.get("/sign-in/release")
    person.browser.submit("/sign-in/release")
    life.server.await_sent(person.account_id)
    person.browser.submit("/sign-in/release/email", {"code": person.mail("code to release").code})
    life.server.await_sent(person.account_id)
    code = [text.code for text in person.texts if "to release" in text.text][-1]
    assert person.browser.post("/sign-in/release/phone", {"code": code}).location == "/sign-in/wait"


def _guessed_release(life: Life, person: Person) -> None:
    """Somebody with the password and the mailbox guesses at the number of a release."""
    browser = person.browser
    life.server.run("account", "freeze", person.email, "--reason", "a call")
    person.give_password()
    browser.get("/sign-in/release")
    browser.submit("/sign-in/release")
    browser.submit("/sign-in/release/email", {"code": person.mail("code to release").code})
    replies: list[Reply] = []
    for _ in range(2):
        life.server.await_sent(person.account_id)
        wrong = f"{(int(person.server.sinks.sms.find(person.number, 'to release').code) + 1) % 1_000_000:06}"
        browser.get("/sign-in/release/phone")
        replies = [browser.post("/sign-in/release/phone", {"code": wrong}) for _ in range(5)]
        life.server.move(PAUSE)
        browser.post("/sign-in/release/phone/again")
    assert replies[-1].status == 403


def _guessed_for_ever(life: Life, person: Person) -> None:
    """A last wrong code after many that were lifted one after the other."""
    person.give_password()
    person.browser.get("/sign-in/code")
    wrong = {"code": f"{(int(person.text(1).code) + 1) % 1_000_000:06}"}
    person.browser.post("/sign-in/code", wrong)
    theirs = f"account_id = '{person.account_id}' AND factor = 'phone'"
    life.server.write(f"UPDATE authenticator SET guesses = 99 WHERE {theirs}")  # noqa: S608 - ours
    assert person.browser.post("/sign-in/code", wrong).status == 403


def _passkeys(life: Life, person: Person) -> None:
    authenticator = SoftAuthenticator(origin=life.server.origin)
    give_passkey(person, authenticator)
    copy = authenticator.clone()
    assert sign_in_alone(person.browser, authenticator).location == "/profile"
    assert sign_in_alone(life.visitor(), copy).status == 422
    path = f"/profile/passkeys/{person.rows('passkey')[0]['passkey_id']}"
    person.reauthenticate()
    person.browser.get(path)
    assert person.browser.post(f"{path}/remove").location == "/profile?notice=factor_removed"


def _use_recovery_codes(life: Life, person: Person) -> None:
    """Codes on paper, a passkey that is lost and found, and one of the codes used."""
    give_passkey(person, SoftAuthenticator(origin=life.server.origin))
    codes = make_codes(person).codes
    life.recovery_codes += codes
    for path in ("/profile/lost/passkey", "/profile/found/passkey"):
        person.browser.get("/profile")
        assert person.browser.post(path).status == 303
    assert give_code(come_to_codes(person), codes[0]).location == "/profile?notice=code_used"


def _pushes(life: Life, person: Person) -> None:
    """A phone that is woken, says that it wasn't its owner, then that it was."""
    owner = owner_of(person)
    path = subscribe(life.server, owner.phone)
    for decision in ("not_me", "approve"):
        person.give_password()
        digits, [prompt] = digits_on(person.browser), owner.phone.prompts()
        answered = json.loads(owner.phone.answer(prompt, decision, digits if decision == "approve" else "").body)
        life.digits.append(digits)
        life.of_pushes += [prompt["challenge"], answered.get("freeze_url", "").removeprefix(f"{STOP}/")]
    life.of_pushes += [owner.invitation, life.server.sinks.push.origin + path]
    assert finish(person.browser).location == "/profile"
    _open_check(life, person, "push")


def _first_number(life: Life, person: Person) -> None:
    number = life.number()
    assert person.give_password().location == "/sign-in/email-code"
    person.browser.get("/sign-in/email-code")
    assert person.browser.submit("/sign-in/email-code", {"code": person.mail("Your code").code}).status == 200
    person.enter_number(number)
    assert person.prove_number(number).location == "/phone-change/finished"


def _suspension(life: Life, person: Person) -> None:
    person.give_password()
    browser = person.browser
    browser.get("/sign-in/code")
    for turn in (1, 2):
        wrong = f"{(int(person.text(turn).code) + 1) % 1_000_000:06}"
        for _ in range(5):
            browser.post("/sign-in/code", {"code": wrong})
        life.server.move(PAUSE)
        browser.post("/sign-in/code/again")
    browser.get("/sign-in/lift")
    browser.post("/sign-in/lift/again")
    assert browser.post("/sign-in/lift", {"code": person.mail("Your code").code}).location == "/sign-in/code"
    assert person.password == PASSWORD


def _guessed_mailbox(life: Life, person: Person) -> None:
    """After the reset somebody guesses at the code to the mailbox; its owner has codes sent again."""
    person.reset_number()
    thief = life.visitor()
    assert person.give_password(thief).location == "/sign-in/email-code"
    for _ in range(2):
        thief.get("/sign-in/email-code")
        wrong = f"{(int(person.mail('Your code to confirm').code) + 1) % 1_000_000:06}"
        for _ in range(5):
            thief.post("/sign-in/email-code", {"code": wrong})
        life.server.move(PAUSE)
        thief.post("/sign-in/email-code/again")
    link = person.mail("Codes by e-mail are paused").link("/sign-in/mailbox")
    person.browser.get(link)
    assert person.browser.post(link).location == link
    assert "work again" in person.browser.get(link).text
