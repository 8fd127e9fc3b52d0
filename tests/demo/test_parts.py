"""The parts that need no browser: the mail server, what has arrived, who is told, and the words."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.message import EmailMessage

import aiosmtplib
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from renumber.demo.accounts import ACCOUNTS, ANNA, JONAS, DemoAccount
from renumber.demo.broadcast import Broadcast
from renumber.demo.inbox import Inbox
from renumber.demo.smtp import MailServer
from renumber.demo.templating import catalogue_of, pick_language, template_files
from renumber.policies.numbers import NumberRules, read_number
from renumber.policies.passwords import judge

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
Received = list[tuple[str, bytes]]


@pytest.fixture
async def received() -> Received:
    return []


@pytest.fixture
async def port(received: Received) -> AsyncIterator[int]:
    server = MailServer(lambda to, content: received.append((to, content)))
    yield await server.start("127.0.0.1")
    await server.close()


def a_mail(text: str = "Hello", message_id: str = "<1@example.com>") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", ANNA.email, "Grüße"
    message["Message-ID"] = message_id
    message.set_content(text)
    return message


async def test_a_mail_arrives_as_it_was_sent_lines_with_dots_included(port: int, received: Received) -> None:
    await aiosmtplib.send(a_mail(".\n..two\nä"), hostname="127.0.0.1", port=port)

    ((to, content),) = received
    inbox = Inbox()
    inbox.take_mail(to, content, at=NOW)
    (mail,) = inbox.mails.values()
    assert mail.text == ".\n..two\nä\n"
    assert (mail.to, mail.subject, mail.person) == (ANNA.email, "Grüße", "anna")


async def test_one_connection_takes_several_mails(port: int, received: Received) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port) as client:
        await client.send_message(a_mail())
        await client.noop()
        await client.send_message(a_mail())

    assert len(received) == 2


async def test_what_is_no_mail_is_dropped_and_the_next_is_taken(
    port: int, received: Received, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\xff\xfe nonsense\r\n")
    writer.write_eof()
    await reader.read()
    writer.close()

    await aiosmtplib.send(a_mail(), hostname="127.0.0.1", port=port)

    assert len(received) == 1
    assert not caplog.records


def test_what_comes_twice_is_kept_once() -> None:
    inbox = Inbox()

    for _ in range(2):
        inbox.take_mail(ANNA.email, a_mail().as_bytes(), at=NOW)
        inbox.take_text("1", ANNA.number.e164, "123456", at=NOW)

    assert (len(inbox.mails), len(inbox.texts)) == (1, 1)


def test_an_unknown_phone_belongs_to_the_person_written_to_last() -> None:
    inbox = Inbox()
    inbox.take_text("1", JONAS.number.e164, "123456", at=NOW)

    inbox.take_text("2", "+491713920077", "123456", at=NOW)

    assert inbox.texts["2"].person == "jonas"
    assert inbox.texts["2"].shown == "0171 3920077"


async def test_whoever_listens_is_told_at_once_of_every_change_and_let_go_at_the_end() -> None:
    broadcast, heard = Broadcast(), 0

    async def listen() -> None:
        nonlocal heard
        async for _ in broadcast.listen():
            heard += 1

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0)
    first = heard
    broadcast.notify()
    await asyncio.sleep(0.01)
    second = heard
    broadcast.end()
    await asyncio.wait_for(listening, 1)

    assert (first, second) == (1, 2)


@pytest.mark.parametrize("person", ACCOUNTS, ids=lambda person: person.key)
def test_the_people_could_be_entered_by_an_operator_too(person: DemoAccount) -> None:
    assert judge(person.password, minimum=8, maximum=128, context=(person.email, person.name)) is None
    assert all(read_number(phone.number.e164, "DE", NumberRules()) == phone.number for phone in person.phones)


def texts_of_templates() -> set[str]:
    options = {"trimmed": "true", "newstyle_gettext": "true"}
    found: set[str] = set()
    for path in template_files():
        with path.open("rb") as file:
            messages = [message for _, _, message, _ in babel_extract(file, ("_", "gettext"), [], options) if message]
        found.update(message if isinstance(message, str) else str(message[0]) for message in messages)
    return found


def test_every_text_is_translated_and_none_is_left_over() -> None:
    with catalogue_of("de").open("rb") as file:
        catalogue: list[Message] = [message for message in read_po(file, locale="de") if message.id]

    assert {message.id for message in catalogue} == texts_of_templates()
    assert all(message.string and not list(message.check()) for message in catalogue)


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [("de", "en", "de"), (None, "fr, de;q=0.8, en", "de"), (None, "fr", "en"), ("xx", "", "en")],
)
def test_the_page_speaks_what_was_chosen_or_what_the_browser_speaks(
    chosen: str | None, accepted: str, language: str
) -> None:
    assert pick_language(chosen, accepted) == language
