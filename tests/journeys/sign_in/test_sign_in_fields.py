"""What is missing at the sign-in is said at its field, and what was typed stays."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.words import Words

NO_EMAIL = Words("Bitte geben Sie Ihre E\u2011Mail-Adresse ein.", "Please enter your e\u2011mail address.")
NOT_WHOLE = Words("Das ist keine vollständige E\u2011Mail-Adresse.", "That isn't a whole e\u2011mail address.")
NOT_RIGHT = Words("Passwort stimmt nicht. Prüfen Sie beides", "password isn't right. Check both")
NO_PASSWORD = Words("Bitte geben Sie Ihr Passwort ein.", "Please enter your password.")


@pytest.mark.parametrize(
    ("language", "email", "password", "said"),
    [
        ("de", "", "", {w.EMAIL: NO_EMAIL, w.PASSWORD: NO_PASSWORD}),
        ("en", "anna", "secret", {w.EMAIL: NOT_WHOLE}),
        ("en", "anna@example.com", "", {w.PASSWORD: NO_PASSWORD}),
        ("de", "anna@example.com", "secret", {w.PASSWORD: NOT_RIGHT}),
    ],
)
def test_each_field_says_what_it_lacks_and_the_first_has_the_focus(
    travel: Travel, language: str, email: str, password: str, said: dict[Words, Words]
) -> None:
    someone = travel(language)
    someone.open("/sign-in")
    someone.type(w.EMAIL, email)
    someone.type(w.PASSWORD, password)
    someone.press(w.SIGN_IN)

    expect(someone.field(w.EMAIL)).to_have_value(email)
    for label in (w.EMAIL, w.PASSWORD):
        if label in said:
            expect(someone.field(label)).to_have_attribute("aria-invalid", "true")
            about = re.compile(re.escape(someone.said(said[label])))
            expect(someone.field(label)).to_have_accessible_description(about)
        else:
            expect(someone.field(label)).not_to_have_attribute("aria-invalid", re.compile(""))
    expect(someone.field(next(iter(said)))).to_be_focused()
