"""Every code field, over HTTP and without a script: any digits, anything around them, and no try for a slip."""

from base64 import b32decode

import pytest

from harness.person import Person, digits_asked
from harness.recovery_codes import come_to_codes, give_code, make_codes
from harness.server import Server, new_number
from renumber.clock import SystemClock
from renumber.domain.totp import STEP, code_at
from tests.domain.typed_codes import NO_CODES, SPELLINGS, Spell

SOME = ["arabic-indic", "persian", "full width", "label in arabic", "isolates", "full stop"]


def test_every_spelling_of_the_texted_code_signs_in(server: Server) -> None:
    people = server.people(len(SPELLINGS))

    for person, (name, spell) in zip(people, SPELLINGS.items(), strict=True):
        person.give_password()
        person.browser.get("/sign-in/code")
        reply = person.browser.post("/sign-in/code", {"code": spell(person.text(1).code)})
        assert reply.location == "/profile", name


def test_what_is_no_code_costs_no_try_and_comes_back(server: Server) -> None:
    person = server.person()
    person.give_password()
    person.browser.get("/sign-in/code")
    person.text(1)

    for name, typed in NO_CODES.items():
        page = person.browser.submit("/sign-in/code", {"code": typed})
        assert "Please enter the 6 digits of the code." in page.text, name
        assert typed.strip() in page.text, name

    assert person.rows("challenge")[0]["wrong_guesses"] == 0


@pytest.mark.parametrize("name", SOME)
def test_every_field_reads_by_the_same_rule(server: Server, name: str) -> None:
    spell, person = SPELLINGS[name], server.person()

    change(person, spell)
    app(person, spell)
    freeze(person, spell)


def test_every_spelling_of_a_recovery_code_signs_in(server: Server) -> None:
    person = server.person()
    person.sign_in()
    codes = make_codes(person).codes
    spellings: list[Spell] = [
        str.lower,
        lambda code: code.replace("-", "\u2013"),
        lambda code: code.replace("-", "\u202f"),
        lambda code: f"7. {code}.",
        lambda code: f"\ufeffRecovery code: \u2068{code}\u2069",
        lambda code: "".join(chr(ord(each) + 0xFEE0) for each in code),
    ]
    come_to_codes(person)

    slip = person.browser.submit("/sign-in/recovery-code", {"code": codes[0][:-1]})
    assert "Please enter the 16 letters and digits of one code." in slip.text
    for code, spell in zip(codes, spellings, strict=False):
        assert give_code(come_to_codes(person), spell(code)).status == 303


def change(person: Person, spell: Spell) -> None:
    """The mailbox's code in a browser that never was here, and that of the new number."""
    person.reset_number()
    strange = person.server.visitor()
    assert person.give_password(strange).location == "/sign-in/email-code"
    strange.get("/sign-in/email-code")
    person.server.await_sent(person.account_id)
    mailed = person.mail("Your code").code
    assert strange.post("/sign-in/email-code", {"code": spell(mailed)}).location == "/sign-in/wait"
    person.give_password()
    number = new_number()
    assert person.enter_number(number).location == "/sign-in/number/code"
    person.browser.get("/sign-in/number/code")
    person.server.await_sent(person.account_id)
    [code] = [each.code for each in person.server.sinks.sms.to(number) if each.is_code]
    assert person.browser.post("/sign-in/number/code", {"code": spell(code)}).location == "/phone-change/finished"


def app(person: Person, spell: Spell) -> None:
    """The first code of an app, and one at a sign-in."""
    person.reauthenticate()
    page = person.browser.submit("/profile/app").text
    key = b32decode(page.partition('class="key">')[2].partition("<")[0].replace(" ", ""))
    person.browser.post("/profile/app/confirm", {"code": spell(shown(person.server, key))})
    person.server.move(2 * STEP)
    person.give_password()
    person.browser.get("/sign-in/app")
    assert person.browser.post("/sign-in/app", {"code": spell(shown(person.server, key))}).location == "/profile"


def shown(server: Server, key: bytes) -> str:
    """What the app shows."""
    return code_at(key, int(SystemClock().now().timestamp() + server.offset) // STEP)


def freeze(person: Person, spell: Spell) -> None:
    """The three digits that a strange browser is asked for."""
    link, strange = person.mail("/freeze/").link("/freeze"), person.server.visitor()
    [digits] = digits_asked(strange.get(link)).values()
    strange.press(link, {"digits": spell(digits)})
    assert person.account["frozen_at"]
