"""What has arrived in the mailboxes and on the phones."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import phonenumbers
from phonenumbers import PhoneNumberFormat

from renumber.demo.people import PEOPLE, Person

_UNFIT_FOR_A_PATH = re.compile(r"[^0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as a mail reader shows it."""

    id: str
    person: str
    sender: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text message on a phone; `shown` is the phone's number as people write it."""

    id: str
    person: str
    number: str
    shown: str
    at: datetime
    text: str


class Arrivals:
    """Everything that has come, oldest first; what comes twice under one id is kept once."""

    def __init__(self) -> None:
        self.mails: dict[str, Mail] = {}
        self.texts: dict[str, Text] = {}
        self._last = PEOPLE[0]

    def clear(self) -> None:
        """Forget everything."""
        self.mails.clear()
        self.texts.clear()

    def take_mail(self, to: str, content: bytes, *, at: datetime) -> None:
        """Keep a mail."""
        message = message_from_bytes(content, policy=default)
        mail_id = _UNFIT_FOR_A_PATH.sub("-", str(message["Message-ID"] or "")).strip("-") or f"mail-{len(self.mails)}"
        person = self._last = next((each for each in PEOPLE if each.email == to), self._last)
        sender, subject = str(message["From"]), str(message["Subject"])
        parts = (_part(message, "plain"), _part(message, "html"))
        self.mails.setdefault(mail_id, Mail(mail_id, person.key, sender, to, subject, at, *parts))

    def take_text(self, text_id: str, to: str, text: str, *, at: datetime) -> None:
        """Keep a text message; a phone that nobody knows belongs to the person who was written to last."""
        person = self._last = _owner(to) or self._last
        self.texts.setdefault(text_id, Text(text_id, person.key, to, national(to), at, text))


def national(number: str) -> str:
    """A number in the grouping of its country."""
    return phonenumbers.format_number(phonenumbers.parse(number, None), PhoneNumberFormat.NATIONAL)


def _owner(number: str) -> Person | None:
    return next((each for each in PEOPLE if number in {phone.number.e164 for phone in each.phones}), None)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
