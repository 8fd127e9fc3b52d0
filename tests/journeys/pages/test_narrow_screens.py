"""A long name and a long address on the narrowest screen: nothing scrolls sideways, nothing is cut off."""

import subprocess

import pytest
from playwright.sync_api import expect

from harness.person import PASSWORD, Person
from harness.server import RENUMBER, Server
from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.watch import NARROW

NAME = (
    "Prof. Dr. Maximiliane-Theodora Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst und "
    "Brandenburg-Ansbach-Bayreuth"
)
EMAIL = "maximiliane.theodora@kundenservice.buchhaltung.donaudampfschifffahrtsgesellschaft-{}.example.com"
NUMBER = "+4915208000{}"


def enrolled(server: Server, language: str) -> Person:
    """An account with all of this, entered by the operator's command."""
    email, number = EMAIL.format(language), NUMBER.format({"de": 100, "en": 200}[language])
    about = ["--email", email, "--name", NAME, "--locale", language, "--phone", number, "--password-stdin"]
    command = [str(RENUMBER), "account", "create", *about]
    subprocess.run(command, env=server.environment, input=PASSWORD, text=True, check=True, capture_output=True)
    [found] = server.rows("SELECT account_id FROM account ORDER BY created_at DESC LIMIT 1")
    return Person(server, email, number, found["account_id"])


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_whole_journey_fits_a_narrow_screen_whatever_someone_is_called(
    travel: Travel, server: Server, language: str
) -> None:
    assert len(NAME) == 120
    someone = travel(language, person=enrolled(server, language))
    someone.name = NAME
    someone.page.set_viewport_size({"width": NARROW, "height": 640})

    someone.sign_in()
    someone.open_profile()
    expect(someone.button(w.CHANGE_NUMBER)).to_be_in_viewport()
    someone.page.get_by_text(NAME).filter(visible=True).last.scroll_into_view_if_needed()
    expect(someone.page.get_by_text(NAME).filter(visible=True).last).to_be_in_viewport()
    someone.tap(w.CHANGE_NUMBER)
    expect(someone.button(w.CONFIRM)).to_be_in_viewport()
    someone.press(w.CONFIRM)
    someone.open_mail(someone.mail(w.MAIL_1), w.CHANGE_NUMBER)
    someone.press(w.CHANGE_NUMBER)
    someone.follow(w.SIGN_IN)
    someone.give_password()
    expect(someone.button(w.SEND_CODE)).to_be_in_viewport()
    someone.enter_number()
    someone.give_code(someone.text(someone.new_number).code)
    someone.is_at("/phone-change/finished")
