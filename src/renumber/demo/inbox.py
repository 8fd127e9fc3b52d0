"""The mails and text messages that were received."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import phonenumbers
from phonenumbers import PhoneNumberFormat

from renumber.demo.accounts import ACCOUNTS, DemoAccount
from renumber.demo.staff import STAFF

_UNFIT_FOR_A_PATH = re.compile(r"[^0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A received mail, as a mail reader shows it."""

    id: str
    person: str
    sender: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A received text message; `shown` is the number of the phone as people write it."""

    id: str
    person: str
    number: str
    shown: str
    at: datetime
    text: str


class Inbox:
    """All received messages, oldest first; one that is received twice is kept once."""

    def __init__(self) -> None:
        self.mails: dict[str, Mail] = {}
        self.texts: dict[str, Text] = {}
        self._last = ACCOUNTS[0].key

    def clear(self) -> None:
        """Delete all messages."""
        self.mails.clear()
        self.texts.clear()

    def take_mail(self, to: str, content: bytes, *, at: datetime) -> None:
        """Keep a mail; one to an unknown address belongs to the owner of an account who was written to last."""
        message = message_from_bytes(content, policy=default)
        mail_id = _UNFIT_FOR_A_PATH.sub("-", str(message["Message-ID"] or "")).strip("-") or f"mail-{len(self.mails)}"
        self._last = next((each.key for each in ACCOUNTS if each.email == to), self._last)
        mail = Mail(
            id=mail_id,
            person=next((each.key for each in STAFF if each.email == to), self._last),
            sender=str(message["From"]),
            to=to,
            subject=str(message["Subject"]),
            at=at,
            text=_part(message, "plain"),
            html=_part(message, "html"),
        )
        self.mails.setdefault(mail_id, mail)

    def take_text(self, text_id: str, to: str, text: str, *, at: datetime) -> None:
        """Keep a text message; one to an unknown phone belongs to the owner of an account who was written to last."""
        owner = _owner(to)
        self._last = owner.key if owner else self._last
        received = Text(id=text_id, person=self._last, number=to, shown=national(to), at=at, text=text)
        self.texts.setdefault(text_id, received)


def national(number: str) -> str:
    """Write a number in the national format."""
    return phonenumbers.format_number(phonenumbers.parse(number, None), PhoneNumberFormat.NATIONAL)


def _owner(number: str) -> DemoAccount | None:
    return next((each for each in ACCOUNTS if number in {phone.number.e164 for phone in each.phones}), None)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
