"""A page that follows its message says one thing about it, and rows that lead on look alike, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.web.specimens import rendered
from tests.web.stage import ORIGIN, Specimen, Stage

PHONE: ViewportSize = {"width": 390, "height": 844}
SIGNS = """[...document.querySelectorAll(".choice:not(.gone)")].filter(row => row.checkVisibility())
  .map(row => { const { content, rotate } = getComputedStyle(row, "::after"); return `${content} ${rotate}`; })"""
GAPS = """[...document.querySelectorAll(".steps")].filter(list => list.checkVisibility()).flatMap(list => {
  const labels = [...list.children].map(step => {
    const words = new Range();
    words.selectNodeContents(step.lastElementChild);
    return words.getBoundingClientRect();
  });
  return labels.slice(1).map((label, at) => label.left - labels[at].right);
})"""
ACTS = """[...document.querySelectorAll("#methods .acts")].map(acts => {
  const name = acts.parentElement.querySelector("p").getBoundingClientRect();
  return acts.querySelector(".button").getBoundingClientRect().left - name.left;
})"""
UNALIGNED = """[...document.querySelectorAll(".button")].filter(button => button.checkVisibility())
  .filter(button => getComputedStyle(button.querySelector("span") ?? button).textAlign !== "center")
  .map(button => button.outerHTML)"""


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Stage]:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce", timezone_id="Europe/Berlin")
    yield Stage(context)
    context.close()


@pytest.mark.parametrize(
    ("before", "after", "path", "gone"),
    [
        (
            ("code.html", "message on its way"),
            ("code.html", "message given up"),
            "/sign-in/code",
            "We're sending a text",
        ),
        (("profile.html", "on its way"), ("profile.html", "given up"), "/profile", "The link is on its way"),
    ],
)
def test_a_page_that_hears_of_the_end_of_a_message_no_longer_says_that_it_is_sent(
    stage: Stage, before: Specimen, after: Specimen, path: str, gone: str
) -> None:
    newer = rendered(after, "en")
    stage.page.route(
        f"{ORIGIN}{path}",
        lambda route: (
            route.fulfill(body=newer, content_type="text/html")
            if route.request.resource_type == "fetch"
            else route.fallback()
        ),
    )

    page = stage.show(before, path=path)
    expect(page.get_by_text(gone)).to_be_visible()

    expect(page.get_by_text("we've stopped trying")).to_be_visible()
    expect(page.get_by_text(gone)).to_have_count(0)
    expect(page.get_by_text("meant for")).to_be_visible()
    expect(page.get_by_text("Nothing arrived")).to_be_hidden()
    page.unroute(f"{ORIGIN}{path}")


@pytest.mark.parametrize(
    "specimen",
    [
        ("methods.html", "many"),
        ("methods.html", "changing"),
        ("methods.html", "lost"),
        ("reauthenticate_methods.html", "passkey"),
        ("lost.html", "many"),
        ("passkeys.html", "two"),
    ],
    ids=" ".join,
)
def test_rows_that_lead_on_have_the_same_sign(stage: Stage, specimen: Specimen) -> None:
    page = stage.show(specimen)
    signs = shown_signs(page)

    assert len(signs) >= 2
    assert set(signs) == {'"" 45deg'}


def shown_signs(page: Page) -> list[str]:
    signs: list[str] = page.evaluate(SIGNS)
    return signs


@pytest.mark.parametrize("language", ["de", "en", "es", "fr"])
def test_on_a_phone_the_names_of_the_steps_stand_apart(stage: Stage, language: str) -> None:
    gaps = stage.show(("profile.html", "changing"), language).evaluate(GAPS)

    assert len(gaps) == 2
    assert min(gaps) >= 8


@pytest.mark.parametrize("language", ["de", "en"])
def test_on_a_phone_what_can_be_added_begins_below_the_name_of_its_method(stage: Stage, language: str) -> None:
    lefts = stage.show(("profile.html", "app added"), language).evaluate(ACTS)

    assert len(lefts) >= 2
    assert all(abs(left) < 1 for left in lefts)


@pytest.mark.parametrize("specimen", [("profile.html", "full"), ("number.html", "new"), ("code.html", "suspended")])
def test_the_words_of_every_button_stand_in_its_middle(stage: Stage, specimen: Specimen) -> None:
    assert not stage.show(specimen, "de").evaluate(UNALIGNED)
