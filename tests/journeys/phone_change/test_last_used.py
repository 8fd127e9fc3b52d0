"""What is called last used has confirmed a sign-in; what was only added is called that."""

from playwright.sync_api import Locator, expect

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.device.test_lost_device import APP, add_app
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

ADDED = Words("Hinzugefügt", "Added")
LAST_USED = Words("zuletzt verwendet", "last used")


def row(someone: Traveller, method: Words) -> Locator:
    """The profile's row of a method."""
    label = someone.page.locator("a, strong").get_by_text(someone.said(method), exact=True)
    return someone.page.get_by_role("listitem").filter(has=label)


def come_to_picker(someone: Traveller) -> None:
    someone.context.clear_cookies(name="__Host-session")
    someone.open("/sign-in")
    someone.give_password()
    someone.follow(w.OTHER_METHOD)


def test_a_method_that_was_only_added_is_not_called_last_used(travel: Travel) -> None:
    someone = travel("en")
    add_app(someone)
    someone.open("/profile")
    expect(row(someone, APP)).to_contain_text(someone.said(ADDED))
    expect(row(someone, APP)).not_to_contain_text(someone.said(LAST_USED))

    come_to_picker(someone)
    expect(someone.page.get_by_text(someone.said(LAST_USED))).to_have_count(0)
    someone.go_by(someone.page.get_by_role("button", name=someone.said(w.PHONE)))
    someone.give_code(someone.text().code)
    come_to_picker(someone)

    expect(someone.page.get_by_role("button", name=someone.said(w.PHONE))).to_contain_text(someone.said(LAST_USED))


def test_a_number_that_was_only_connected_is_not_called_last_used(travel: Travel) -> None:
    someone = travel("de")
    someone.person.change_number(someone.new_number)
    someone.go_on()

    someone.open("/profile")

    expect(row(someone, w.PHONE)).to_contain_text(someone.said(ADDED))
    expect(row(someone, w.PHONE)).not_to_contain_text("verwendet")
