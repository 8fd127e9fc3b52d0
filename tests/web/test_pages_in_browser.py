"""Every page in a real browser: accessible, narrow, in both languages and themes, with and without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import phonenumbers
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from harness.browser import accessibility_problems, axe_source, structure_problems
from renumber.policies.number_plans.formats import number_format
from renumber.policies.numbers import example_number
from tests.colours import Colours, shared_folder
from tests.web.specimens import LANGUAGES, SPECIMENS, TEMPLATES, rendered
from tests.web.stage import ORIGIN, Specimen, Stage

PHONE: ViewportSize = {"width": 390, "height": 844}
RIGHT = "part => Math.round(part.getBoundingClientRect().right)"
NARROW: ViewportSize = {"width": 320, "height": 800}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOO_SMALL = """[...document.querySelectorAll("button, input:not([type=hidden]), select, a")]
  .filter(part => part.checkVisibility() && !part.matches("p a, .skip") && part.getBoundingClientRect().height < 44)
  .map(part => part.outerHTML)"""

BEYOND_ITS_CARD = """[...document.querySelectorAll(".card *")]
  .filter(part => part.checkVisibility() && !part.closest(".unseen, svg"))
  .filter(part => {
    const card = part.closest(".card");
    const edge = card.getBoundingClientRect().right - parseFloat(getComputedStyle(card).paddingRight);
    return part.getBoundingClientRect().right > edge + 1;
  })
  .map(part => part.outerHTML)"""
# Words broken over two lines where nothing allows it; a browser may lack the dictionary for hyphens of its own.
TORN = r"""[...document.querySelectorAll("h1, h2, h3, strong, label, .button")].flatMap(part => {
  part.style.hyphens = "manual";
  part.getBoundingClientRect(); // what is folded away has its lines from now on
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT), torn = [];
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const line = at => {
      const letter = new Range();
      letter.setStart(text, at);
      letter.setEnd(text, at + 1);
      return Math.round([...letter.getClientRects()].at(-1)?.top ?? 0);
    };
    for (const { 0: word, index } of text.data.matchAll(/[^\s\u00ad-]+/g))
      if (line(index) !== line(index + word.length - 1)) torn.push(word);
  }
  return torn;
})"""
CARDS_THAT_TOUCH = """[...document.querySelectorAll(".card + .card, :not(.card) + .card")]
  .filter(card => card.checkVisibility() && card.previousElementSibling.checkVisibility())
  .filter(card => card.getBoundingClientRect().top - card.previousElementSibling.getBoundingClientRect().bottom < 8)
  .map(card => card.textContent.trim().slice(0, 60))"""
# What follows a number or an address with no space between, and yet stands on the next line.
STRAY = r"""[...document.querySelectorAll(".whole, .nowrap")].filter(part => {
  const after = part.nextSibling;
  if (!part.checkVisibility() || !/^\S/.test(after?.data ?? "")) return false;
  const sign = new Range();
  sign.setStart(after, 0);
  sign.setEnd(after, 1);
  return sign.getBoundingClientRect().top > part.getBoundingClientRect().bottom - 4;
}).map(part => part.parentElement.textContent)"""

ON_A_NARROW_SCREEN = f"""() => ({{
  "overflow": Math.max(0, {OVERFLOW}),
  "beyond its card": {BEYOND_ITS_CARD},
  "too small": {TOO_SMALL},
  "torn": {TORN},
  "cards that touch": {CARDS_THAT_TOUCH},
}})"""
WITH_LARGE_TEXT = f"""() => {{
  document.documentElement.style.fontSize = "200%";
  const overflow = {OVERFLOW};
  document.documentElement.style.fontSize = "";
  return overflow;
}}"""


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Stage]:
    context = browser.new_context(viewport=NARROW, reduced_motion="reduce", timezone_id="Asia/Tokyo")
    context.add_init_script(axe_source())  # sent once, and not to each page
    yield Stage(context)
    context.close()


@pytest.fixture(scope="module")
def plain_stage(browser: Browser) -> Iterator[Stage]:
    context = browser.new_context(viewport=NARROW, java_script_enabled=False)
    yield Stage(context)
    context.close()


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Colours:
    """Know which colours were looked at on any page before."""
    return Colours(shared_folder(tmp_path_factory) / "seen" / "colours")


@pytest.mark.parametrize("specimen", SPECIMENS, ids=" ".join)
def test_a_page_is_accessible_in_both_themes_and_fits_a_narrow_screen(
    stage: Stage, colours: Colours, specimen: Specimen
) -> None:
    """In German with its scripts; then the words alone are exchanged, which is all that the language decides."""
    stage.complaints.clear()

    page = stage.show(specimen, "de")
    found = {"de": wrong_with(page, colours)}
    for language in set(LANGUAGES) - {"de"}:
        stage.exchange(rendered(specimen, language))
        found[language] = wrong_with(page, colours)

    assert not {language: wrong for language, wrong in found.items() if wrong}
    assert not stage.complaints


# A legible text, then the same letters where something makes them hard to read.
LEGIBLE = '<p style="color: #707070">Legible words</p>'
HARD_TO_READ = {
    "on the ground of an ancestor": '<div style="background: #ccc">{}</div>',
    "on a ground that lies there": '<div style="position: absolute; inset: 0; background: #ccc; z-index: -1"></div>{}',
    "behind a veil": '<div style="opacity: 0.7">{}</div>',
    "below the fold": '<div style="height: 3000px"></div><div style="position: relative; z-index: -1; height: 200px; '
    'margin-bottom: -200px; background: #ccc; pointer-events: none"></div>{}',
}


@pytest.mark.parametrize("around", HARD_TO_READ.values(), ids=HARD_TO_READ)
def test_letters_that_were_legible_are_looked_at_again_where_they_stand_otherwise(
    stage: Stage, around: str, tmp_path: Path
) -> None:
    colours, page = Colours(tmp_path), stage.page.context.new_page()
    page.set_content(f"<!doctype html><html lang=en><title>A</title><body>{LEGIBLE}")
    assert not colours.problems(page)

    page.evaluate("html => document.body.innerHTML = html", around.format(LEGIBLE))

    [problem] = colours.problems(page)
    assert problem.startswith("color-contrast: ")
    page.close()


def wrong_with(page: Page, colours: Colours) -> dict[str, object]:
    """What is wrong with a page, by the name of what was looked at."""
    found = {
        "accessibility": in_both_themes(page, colours),
        **page.evaluate(ON_A_NARROW_SCREEN),
        "overflow with large text": max(0, overflow_with_large_text(page)),
    }
    return {name: parts for name, parts in found.items() if parts}


def in_both_themes(page: Page, colours: Colours) -> list[str]:
    """What is wrong with the page as a whole, and with its colours in the light and in the dark.

    In each language: a longer word wraps or lies elsewhere, and then on another ground.
    """
    problems = structure_problems(page) + colours.problems(page)
    page.emulate_media(color_scheme="dark")
    problems += colours.problems(page)
    page.emulate_media(color_scheme="light")
    return problems


def overflow_with_large_text(page: Page) -> int:
    """By how much the page scrolls sideways with its text twice as large (WCAG 2.2, 1.4.4)."""
    page.set_viewport_size({"width": 1280, "height": 800})
    overflow: int = page.evaluate(WITH_LARGE_TEXT)
    page.set_viewport_size(NARROW)
    return overflow


def test_the_account_menu_opens_by_the_person_s_name_without_scripts(plain_stage: Stage) -> None:
    page = plain_stage.show(("profile.html", "full"))

    expect(page.get_by_role("link", name="Profile details")).to_be_hidden()
    page.get_by_role("button", name="Anna Schmidt").press("Enter")

    expect(page.get_by_role("link", name="Profile details")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_the_buttons_of_an_open_change_are_seen_at_once_and_the_menu_stays_in_its_column(
    stage: Stage, language: str
) -> None:
    stage.page.set_viewport_size(PHONE)
    page = stage.show(("profile.html", "changing"), language)
    buttons = page.locator("#change button").evaluate_all("all => all.map(each => each.getBoundingClientRect().bottom)")
    page.get_by_role("button", name="Anna Schmidt").click()
    ends = page.evaluate(
        "[...document.querySelectorAll('#account-menu, main .card')].map(RIGHT)".replace("RIGHT", RIGHT)
    )
    page.set_viewport_size(NARROW)

    assert len(buttons) == 2
    assert max(buttons) <= PHONE["height"]
    assert len(set(ends)) == 1


def test_what_a_button_of_a_list_is_about_follows_its_word_without_a_stray_space(stage: Stage) -> None:
    page = stage.show(("profile.html", "app added"))

    expect(page.get_by_role("button", name="Add: Push notification", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Recovery code", exact=True)).to_be_visible()
    ended = "End session: Chrome on Android, 2001:db8:85a3::8a2e:370:7334"
    expect(page.get_by_role("button", name=ended, exact=True)).to_be_visible()
    page = stage.show(("number.html", "new"))
    expect(page.get_by_role("listitem").first).to_have_text("Confirm by e-mail (done)")


def test_without_scripts_the_pencil_leads_to_the_page(plain_stage: Stage) -> None:
    page = plain_stage.show(("profile.html", "full"))

    page.get_by_role("button", name="Change phone number").click()

    assert page.url.startswith(f"{ORIGIN}/phone-change/new")


def test_the_pencil_opens_a_dialog_that_keyboard_and_button_close(stage: Stage) -> None:
    page = stage.show(("profile.html", "full"))
    pencil, dialog = page.get_by_role("button", name="Change phone number"), page.get_by_role("dialog")

    pencil.press("Enter")
    expect(dialog).to_have_accessible_name("Change phone number")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(pencil).to_be_focused()
    pencil.click()
    page.get_by_role("button", name="Cancel").click()

    expect(dialog).to_be_hidden()


def test_after_authenticating_again_the_dialog_is_open_at_once(stage: Stage) -> None:
    page = stage.show(("profile.html", "full"), path="/profile?dialog=phone")

    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.url == f"{ORIGIN}/profile"


def test_a_code_is_pasted_with_spaces_and_sent_once_by_a_double_click(stage: Stage) -> None:
    page = stage.show(("code.html", "new"))
    stage.posted.clear()

    page.get_by_label("Code").fill("042 317")
    page.get_by_role("button", name="Confirm").dblclick()
    page.wait_for_url(f"{ORIGIN}/sign-in/code")

    assert stage.posted == ["/sign-in/code csrf=csrf-token&code=042317"]


@pytest.mark.parametrize(
    ("pasted", "country"), [("+44 7700 900123", "GB"), ("0043 664 1234567", "AT"), ("+1 212", "US")]
)
def test_a_pasted_number_sets_its_country(stage: Stage, pasted: str, country: str) -> None:
    page = stage.show(("number.html", "new"))

    page.get_by_label("New phone number").fill(pasted)

    expect(page.get_by_label("Country")).to_have_value(country)


@pytest.mark.parametrize(("typed", "country"), [("+43", "AT"), ("kingdom", "GB"), ("us", "US")])
def test_the_country_is_found_by_typing(stage: Stage, typed: str, country: str) -> None:
    page = stage.show(("number.html", "new"))

    page.get_by_label("Country").press_sequentially(typed)

    expect(page.get_by_label("Country")).to_have_value(country)


def test_a_country_is_looked_for_by_keyboard_in_a_field_that_tells_a_reader_what_it_lists(stage: Stage) -> None:
    page = stage.show(("number.html", "new"), "de")
    country, opener = page.get_by_label("Land", exact=True), page.get_by_role("button", name="Land suchen")

    opener.press("Enter")
    looked = page.get_by_role("combobox", name="Land suchen", exact=True)
    expect(looked).to_be_focused()
    assert page.get_by_role("listbox", name="Länder").get_by_role("option").count() == 4
    page.keyboard.type("kingd")  # as its name is in the other language
    expect(page.locator(".search").get_by_role("option", selected=True)).to_have_text("United Kingdom (+44)")
    assert looked.get_attribute("aria-activedescendant") == "country-GB"
    assert not accessibility_problems(page)
    assert page.evaluate(OVERFLOW) <= 0
    page.keyboard.press("Enter")

    expect(country).to_have_value("GB")
    expect(country).to_be_focused()
    assert page.get_by_role("combobox").count() == 1
    opener.press("Enter")
    page.keyboard.type("xyz")
    expect(page.locator(".search").get_by_role("status")).to_contain_text("Wir kennen kein Land")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(country).to_have_value("GB")


def test_a_number_is_grouped_while_it_is_typed_and_every_key_does_what_it_says(stage: Stage) -> None:
    page = stage.show(("number.html", "new"))
    number, caret = page.get_by_label("New phone number"), "at => document.activeElement.setSelectionRange(at, at)"
    with page.expect_response("**/number-formats/*"):
        page.get_by_label("Country").select_option("AT")

    number.press_sequentially("06641234567")
    expect(number).to_have_value("0664 1234567")
    page.evaluate(caret, 5)
    page.keyboard.press("Backspace")
    expect(number).to_have_value("0661 234567")
    page.keyboard.type("4")
    expect(number).to_have_value("0664 1234567")
    page.evaluate(caret, 4)
    page.keyboard.press("Delete")
    expect(number).to_have_value("0664 234567")
    number.fill("0664/12 34 567")
    expect(number).to_have_value("0664/12 34 567")
    number.fill("+4915123456789")
    expect(number).to_have_value("+49 1512 3456789")
    expect(page.get_by_label("Country")).to_have_value("DE")
    expect(page.locator("#country-said")).to_have_text("Country: Germany (+49)")


GROUP_ALL = """async ([source, numbers]) => {
  const { grouped } = await import(source);
  return numbers.map(([text, rules]) => grouped(text, rules));
}"""


def test_of_every_country_a_number_is_grouped_without_losing_a_digit_and_mostly_as_people_write_it(
    stage: Stage,
) -> None:
    page = stage.show(("number.html", "new"))
    examples = [(text, each) for each in sorted(phonenumbers.SUPPORTED_REGIONS) if (text := example_number(each))]
    typed = [("".join(filter(str.isdecimal, text)), number_format(country)) for text, country in examples]

    grouped = page.evaluate(GROUP_ALL, [TEMPLATES.static("grouping.js"), msgspec.to_builtins(typed)])

    assert ["".join(filter(str.isdecimal, each)) for each in grouped] == [digits for digits, _ in typed]
    plain = [re.sub(r"[()\s/-]+", " ", text).strip() for text, _ in examples]
    other = [(a, b) for a, b in zip(plain, (re.sub(r"[\s/-]+", " ", each) for each in grouped), strict=True) if a != b]
    assert len(other) < len(examples) // 10, other


def test_a_password_can_be_shown(stage: Stage) -> None:
    page = stage.show(("sign_in.html", "first"))

    page.get_by_role("button", name="Show").click()

    expect(page.get_by_label("Password")).to_have_attribute("type", "text")
    expect(page.get_by_role("button", name="Hide")).to_be_visible()


def test_the_time_zone_is_told_to_the_server(stage: Stage) -> None:
    page = stage.show(("sign_in.html", "first"))

    [cookie] = [cookie for cookie in page.context.cookies() if cookie["name"] == "time-zone"]

    assert (cookie["value"], cookie["secure"], cookie["sameSite"]) == ("Asia/Tokyo", True, "Lax")


def test_the_wait_for_another_code_is_counted_down(stage: Stage) -> None:
    page = stage.show(("code.html", "phone"))

    expect(page.get_by_text("Send code again in 0:2")).to_be_visible()


@pytest.mark.parametrize("specimen", [("code.html", "new"), ("push.html", "waiting"), ("change_new.html", "asks")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_begins_with_the_full_stop_after_a_number_or_an_address(
    stage: Stage, specimen: Specimen, language: str
) -> None:
    page = stage.show(specimen, language)

    for width in range(320, 520, 8):
        page.set_viewport_size({"width": width, "height": 800})
        assert not page.evaluate(STRAY), width
    page.set_viewport_size(NARROW)
