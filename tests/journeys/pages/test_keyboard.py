"""The whole journey with Tab, Enter and Space alone: the focus is never lost, never trapped, always seen."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller

TABS = 40
# What has the focus, and the outline that shows it: on the part itself, 3 px or more (LOOK.md).
OUTLINE = """() => {
  const part = document.activeElement, style = getComputedStyle(part);
  return { tag: part.tagName, text: part.outerHTML.slice(0, 80),
           seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 3,
           inside: part.getBoundingClientRect().bottom > 0 && part.getBoundingClientRect().top < innerHeight };
}"""


def tab(someone: Traveller) -> None:
    someone.page.keyboard.press("Tab")
    focus = someone.page.evaluate(OUTLINE)
    assert focus["tag"] == "BODY" or (focus["seen"] and focus["inside"]), focus


def has_focus(part: Locator) -> bool:
    return part.count() == 1 and bool(part.evaluate("part => part === document.activeElement"))


def reach(someone: Traveller, part: Locator) -> None:
    """Press Tab until this part has the focus, seeing on the way where it is."""
    for _ in range(TABS):
        if has_focus(part):
            return
        tab(someone)
    raise AssertionError(f"{part} is not reached by Tab")


def strike(someone: Traveller, part: Locator, key: str = "Enter") -> None:
    """Come to a part and press a key that leads to another page."""
    reach(someone, part)
    with someone.page.expect_navigation():
        someone.page.keyboard.press(key)
    someone.watch.look(someone.page)


def write(someone: Traveller, label: w.Words, text: str) -> None:
    reach(someone, someone.field(label))
    someone.page.keyboard.type(text)


def give_password(someone: Traveller) -> None:
    write(someone, w.EMAIL, someone.person.email)
    write(someone, w.PASSWORD, someone.person.password)
    strike(someone, someone.field(w.PASSWORD))


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_whole_journey_is_walked_without_a_mouse(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.open("/")

    give_password(someone)
    write(someone, w.CODE, someone.text().code)
    strike(someone, someone.button(w.CONFIRM), "Space")
    reach(someone, someone.button(someone.name))
    someone.page.keyboard.press("Space")
    strike(someone, someone.link(w.PROFILE))
    reach(someone, someone.button(w.CHANGE_NUMBER))
    someone.page.keyboard.press("Space")
    strike(someone, someone.button(w.CONFIRM))
    someone.open(someone.mail(w.MAIL_1).link("/phone-change/link"))
    strike(someone, someone.button(w.CHANGE_NUMBER))
    strike(someone, someone.link(w.SIGN_IN))
    give_password(someone)
    write(someone, w.NEW_NUMBER, someone.new_number)
    strike(someone, someone.button(w.SEND_CODE))
    write(someone, w.CODE, someone.text(someone.new_number).code)
    strike(someone, someone.field(w.CODE))

    someone.is_at("/phone-change/finished")


def test_the_dialog_keeps_the_focus_until_it_closes_and_gives_it_back(travel: Travel) -> None:
    someone = travel("en")
    someone.arrive()
    someone.open("/profile")
    pencil, dialog = someone.button(w.CHANGE_NUMBER), someone.page.get_by_role("dialog")
    reach(someone, pencil)

    someone.page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    for _ in range(6):
        tab(someone)
        within = "() => document.activeElement.closest('dialog') || document.activeElement === document.body"
        assert someone.page.evaluate(within)
    someone.page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(pencil).to_be_focused()
    someone.page.keyboard.press("Enter")
    reach(someone, someone.button(w.CANCEL))
    someone.page.keyboard.press("Space")
    expect(dialog).to_be_hidden()
    expect(pencil).to_be_focused()
    assert someone.sent("change_requested") == 0


def test_the_menu_opens_and_closes_and_gives_the_focus_back(travel: Travel) -> None:
    someone = travel("de")
    someone.arrive()
    someone.open("/")
    menu = someone.button("Erika Muster")
    reach(someone, menu)

    someone.page.keyboard.press("Enter")
    expect(someone.link(w.PROFILE)).to_be_visible()
    someone.page.keyboard.press("Escape")

    expect(someone.link(w.PROFILE)).to_be_hidden()
    expect(menu).to_be_focused()


def test_the_first_tab_skips_to_the_content(travel: Travel) -> None:
    someone = travel("en")
    someone.arrive()
    someone.open("/")

    someone.page.keyboard.press("Tab")
    expect(someone.link("Skip to content")).to_be_focused()
    someone.page.keyboard.press("Enter")

    expect(someone.page.get_by_role("main")).to_be_focused()
