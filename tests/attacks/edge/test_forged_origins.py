"""Threat: a forged host, by which our own mail leads people to somebody else's site (SECURITY.md row 19)."""

import re

from renumber.domain.messages.message import Notice
from tests.attacks.full_life import Life

URL = re.compile(r"\b(?<!xmlns=.)[a-z][a-z0-9+.-]*://[^\s\"'<>]+")


def test_every_notice_there_is_was_told(life: Life) -> None:
    assert life.notices() == set(Notice)


def test_every_link_of_every_mail_and_text_begins_with_the_configured_origin(life: Life) -> None:
    told = [(each.subject, url) for each in life.messages for url in URL.findall(each.text + each.rendered)]

    assert len(told) > len(Notice)
    assert [(subject, url) for subject, url in told if not f"{url}/".startswith(f"{life.server.origin}/")] == []


def test_no_page_and_no_redirect_repeats_a_forged_host(life: Life) -> None:
    pages = [page for visitor in life.visitors for page in visitor.pages]

    assert len(pages) > 50
    assert [page.path for page in pages if b"evil.example" in page.body.lower()] == []
    assert [page.location for page in pages if page.location and not page.location.startswith("/")] == []


def test_pages_give_no_referrer_and_are_not_stored(life: Life) -> None:
    pages = [page for visitor in life.visitors for page in visitor.pages]

    assert {page.header("referrer-policy") for page in pages} == {"no-referrer"}
    assert {page.header("cache-control") for page in pages} == {"no-store"}
