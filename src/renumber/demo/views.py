"""The views of the demonstration: its page, its state as JSON, and a mail."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from litestar.response.base import ASGIResponse

from renumber.demo.accounts import ACCOUNTS
from renumber.demo.browsers import Browser
from renumber.demo.demonstration import BRAND, Demonstration
from renumber.demo.inbox import Mail, Text, national
from renumber.demo.staff import STAFF
from renumber.demo.templating import LANGUAGES, Templates

# A mail styles its own elements, as mails must; nothing in it runs, loads or is sent.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)


class MailLine(msgspec.Struct, kw_only=True):
    """A mail in the list of a mailbox."""

    id: str
    person: str
    sender: str
    to: str
    subject: str
    at: datetime


class Snapshot(msgspec.Struct, kw_only=True):
    """Everything on the page that changes."""

    run: int
    moved_by: int
    changes_wait: bool
    mails: list[MailLine]
    texts: list[Text]
    tried: Mapping[str, int]


async def snapshot(demonstration: Demonstration) -> str:
    """The demonstration as it is now, as JSON; the page draws what differs."""
    inbox = demonstration.inbox
    mails = [
        MailLine(id=one.id, person=one.person, sender=one.sender, to=one.to, subject=one.subject, at=one.at)
        for one in inbox.mails.values()
    ]
    return msgspec.json.encode(
        Snapshot(
            run=demonstration.run,
            moved_by=int(demonstration.moved_by.total_seconds()),
            changes_wait=demonstration.changes_wait,
            mails=mails,
            texts=list(inbox.texts.values()),
            tried=await demonstration.tried(),
        )
    ).decode()


def demo_page(demonstration: Demonstration, templates: Templates, language: str, *, browser: Browser) -> str:
    """Render the page, into which everything else is fetched."""
    return templates.render(
        "demo.html",
        language,
        languages=LANGUAGES,
        people=ACCOUNTS,
        staff=STAFF,
        brand=BRAND,
        netloc=demonstration.netloc,
        shop=demonstration.shop_origin,
        national=national,
        run=demonstration.run,
        browser=browser.value,
    )


def mail_page(mail: Mail) -> ASGIResponse:
    """Answer with a mail as a document of its own, for a frame in which nothing runs."""
    headers = [
        ("content-security-policy", MAIL_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ]
    return ASGIResponse(body=mail.html, media_type="text/html; charset=utf-8", headers=headers)
