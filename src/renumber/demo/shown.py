"""What of the stage is shown, and how."""

from datetime import datetime

import msgspec
from litestar.response.base import ASGIResponse

from renumber.demo.arrivals import Mail, Text, national
from renumber.demo.looks import LANGUAGES, Looks
from renumber.demo.people import PEOPLE
from renumber.demo.stage import BRAND, Stage

# A mail styles its own elements, as mails must; nothing in it runs, loads or is sent.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)


class MailLine(msgspec.Struct):
    """A mail in the list."""

    id: str
    person: str
    sender: str
    to: str
    subject: str
    at: datetime


class Snapshot(msgspec.Struct):
    """All that changes on the page."""

    run: int
    moved_by: int
    mails: list[MailLine]
    texts: list[Text]


def snapshot(stage: Stage) -> str:
    """The stage as it is now, as JSON; the page draws what differs."""
    arrivals = stage.arrivals
    mails = [
        MailLine(each.id, each.person, each.sender, each.to, each.subject, each.at) for each in arrivals.mails.values()
    ]
    moved = int(stage.moved_by.total_seconds())
    return msgspec.json.encode(Snapshot(stage.run, moved, mails, list(arrivals.texts.values()))).decode()


def stage_page(stage: Stage, looks: Looks, language: str) -> str:
    """The page that all the rest is fetched into."""
    return looks.page(
        language,
        languages=LANGUAGES,
        people=PEOPLE,
        brand=BRAND,
        netloc=stage.netloc,
        national=national,
        run=stage.run,
    )


def mail_page(mail: Mail) -> ASGIResponse:
    """A mail as a document of its own, for a frame in which nothing runs."""
    headers = [
        ("content-security-policy", MAIL_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ]
    return ASGIResponse(body=mail.html, media_type="text/html; charset=utf-8", headers=headers)
