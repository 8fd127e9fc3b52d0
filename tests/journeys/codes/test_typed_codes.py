"""The code field in a browser takes any digits and loses nothing that was typed, with scripts and without."""

import pytest
from playwright.sync_api import expect

from harness.browser import Held
from tests.domain.typed_codes import SPELLINGS
from tests.journeys import words as w
from tests.journeys.codes.test_codes import HALF, come_to_code
from tests.journeys.conftest import Travel

TYPED = ["arabic-indic", "full width", "prefix"]
PASTED = ["persian", "keycaps", "isolates", "message", "bound to an origin"]
PASTE = "(field, text) => { field.focus(); document.execCommand('insertText', false, text); }"


@pytest.mark.parametrize("scripts", [True, False])
def test_typed_in_any_digits_a_code_waits_for_the_button_and_signs_in(travel: Travel, *, scripts: bool) -> None:
    for name in TYPED:
        someone = travel("de", scripts=scripts)
        typed = SPELLINGS[name](come_to_code(someone))

        someone.field(w.CODE).press_sequentially(typed)
        expect(someone.field(w.CODE)).to_have_value(typed)
        someone.press(w.CONFIRM)

        someone.is_at("/profile")


def test_pasted_with_all_that_stands_around_it_a_code_submits_itself(travel: Travel) -> None:
    for name in PASTED:
        someone = travel("en")
        code = come_to_code(someone)

        with someone.page.expect_navigation():
            someone.field(w.CODE).evaluate(PASTE, SPELLINGS[name](code).replace("\n", " "))
            expect(someone.field(w.CODE)).to_have_value(code)

        someone.is_at("/profile")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_too_long_or_no_digit_stays_and_comes_back_to_be_mended(travel: Travel, *, scripts: bool) -> None:
    someone = travel("en", scripts=scripts)
    code = come_to_code(someone)

    for slip in (f"{code}7", "١٢٣٤٥", "12345O"):
        someone.field(w.CODE).fill("")
        someone.field(w.CODE).press_sequentially(slip)
        expect(someone.field(w.CODE)).to_have_value(slip)
        someone.press(w.CONFIRM)
        someone.sees(HALF)
        expect(someone.field(w.CODE)).to_have_value(slip)


def test_a_script_that_comes_late_leaves_alone_what_was_typed_before_it(travel: Travel) -> None:
    someone = travel("en")
    code = come_to_code(someone)
    field = someone.field(w.CODE)
    field.press_sequentially(code[:3])
    held = Held(someone.page, "**/static/*/code.js")

    someone.button(w.CONFIRM).click(no_wait_after=True)
    late = held.one()
    field.press("End")
    field.press_sequentially(code[3])
    with someone.page.expect_event("load"):
        late.continue_()
    field.press_sequentially(code[4:])

    expect(field).to_have_value(code)
