"""A name in a mail keeps its letters as its owner writes them, and turns nothing around."""

import pytest

from renumber.domain.messages.message import Notice
from tests.delivery.builders import a_mail, a_message


@pytest.mark.parametrize("name", ["علی\u200cرضا", "יוסף כהן", "محمد 24", "Ali محمد", "\u0301Eva", "ශ්\u200dරී"])
def test_a_name_is_isolated_in_either_form(name: str) -> None:
    mail = a_mail(a_message(Notice.NEW_BROWSER, name=name))

    apart = name if name == "ශ්\u200dරී" else f"\u2068{name}\u2069"
    assert f"Hello {apart},\n" in mail.text
    assert f"Hello <bdi>{name}</bdi>," in mail.html


def test_markup_in_a_name_stays_text_within_its_isolation() -> None:
    mail = a_mail(a_message(Notice.NEW_BROWSER, name="Eva <b>&"))

    assert "Hello <bdi>Eva &lt;b&gt;&amp;</bdi>," in mail.html
