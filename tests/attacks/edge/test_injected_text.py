"""Threat: line breaks and markup in a name or a browser's word, to forge a header, a page or a log line (row 34)."""

import re
import unicodedata

from harness.sinks import opened
from tests.attacks.full_life import Life

HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
}


def test_a_name_adds_no_header_and_no_recipient_to_a_mail(life: Life) -> None:
    mails = [opened(each.raw) for each in life.messages if each.subject]

    assert {name for mail in mails for name in mail} <= HEADERS
    assert {str(mail["To"]) for mail in mails} == {person.email for person in life.people}
    assert {str(mail["Auto-Submitted"]) for mail in mails} == {"auto-generated"}


def test_a_name_and_a_browser_s_word_put_no_markup_into_a_mail(life: Life) -> None:
    written = [each.rendered for each in life.messages]

    assert [html for html in written if "<script" in html or "Eva <b>" in html] == []


def test_no_message_holds_unseen_characters_but_line_ends(life: Life) -> None:
    texts = [each.text + each.subject for each in life.messages]

    odd = {char for text in texts for char in text if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}}
    assert odd <= {"\n", "\r"}


def test_a_name_is_shown_on_pages_as_text(life: Life) -> None:
    replies = [reply for visitor in life.visitors for reply in visitor.pages]
    pages = [reply.body.decode() for reply in replies if "html" in reply.header("content-type")]

    others = {reply.header("content-type").partition(";")[0] for reply in replies if reply.body} - {"text/html"}
    assert others <= {"application/json", "application/problem+json", "text/plain"}, (
        "a browser reads no markup in these"
    )
    assert {reply.header("x-content-type-options") for reply in replies} == {"nosniff"}
    assert any("Eva &lt;b&gt;&amp;amp;" in page for page in pages)
    assert [page for page in pages if "Eva <b>" in page or "<script>alert" in page] == []


def test_neither_names_nor_paths_forge_a_log_line(life: Life) -> None:
    stranger = life.server.visitor()

    stranger.send("GET", "/%0d%0aFORGED%20line")
    stranger.send("GET", "/sign-in?notice=%0aFORGED%20line", headers={"X-Request-ID": "FORGED"})

    lines = re.split(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", life.server.log)
    assert [line for line in lines if line.startswith(("FORGED", "Bcc"))] == []
    assert "mallory" not in life.server.log
    assert "<script" not in life.server.log
