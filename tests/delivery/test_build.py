"""From an operator's settings to mail and text on the wire."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from renumber.delivery.ports import Result, Sent
from renumber.domain.message import Channel, Notice
from renumber.wiring.delivery import build_dispatcher, letterhead_from
from tests.delivery.builders import FixedSecrets, MemoryOutbox, SetClock, a_message, a_text
from tests.delivery.servers import running_mail_server, running_sms_server


@dataclass
class Chosen:
    """What an operator has set."""

    base_url: str = "https://account.example.com"
    smtp_url: str = ""
    mail_from: str = "no-reply@example.com"
    sms_urls: tuple[str, ...] = ()
    brand: str = "Example Card"
    brand_color: str = "#0b5fff"
    brand_logo: Path | None = None
    support_contact: str = ""
    time_zone: str = "Europe/Berlin"


async def test_a_mail_and_a_text_go_out_through_what_the_operator_has_set_up() -> None:
    mail, text = a_message(Notice.CHANGE_REQUESTED), a_text()
    outbox = MemoryOutbox(mail, text)
    results: list[tuple[Channel, Notice, Result]] = []

    async with running_mail_server() as mailbox, running_sms_server() as away, running_sms_server() as sms:
        away.status = "503 Service Unavailable"
        settings = Chosen(
            smtp_url=f"smtp://localhost:{mailbox.port}?tls=none",
            sms_urls=(f"http+json://127.0.0.1:{away.port}/", f"http+json://127.0.0.1:{sms.port}/"),
        )
        dispatcher = build_dispatcher(
            settings, outbox, FixedSecrets(), clock=SetClock(), observe=lambda *seen: results.append(seen)
        )
        await dispatcher.drain()
        await dispatcher.close()

    assert outbox.of(mail).settlement == Sent("smtp")
    assert outbox.of(text).settlement == Sent("gateway-2")
    assert mailbox.mails[0].message["From"] == "Example Card <no-reply@example.com>"
    assert sms.requests[0].json["id"] == text.message_id == away.requests[0].json["id"]
    assert [result for *_, result in results] == [Result.SENT, Result.SENT]


async def test_without_any_gateway_messages_wait() -> None:
    outbox = MemoryOutbox(message := a_message())
    dispatcher = build_dispatcher(Chosen(), outbox, FixedSecrets(), clock=SetClock(), observe=lambda *_: None)

    await dispatcher.drain()

    assert outbox.of(message).settlement is None
    assert outbox.of(message).retries[0].reason == "no gateway is set up for this channel"


@pytest.mark.parametrize(("start", "is_shown"), [(b"\x89PNG\r\n\x1a\n", True), (b"<svg ", False)])
def test_a_png_is_shown_in_mails_and_an_svg_is_not(tmp_path: Path, start: bytes, *, is_shown: bool) -> None:
    logo = tmp_path / "logo"
    logo.write_bytes(start + b"rest")

    assert (letterhead_from(Chosen(brand_logo=logo)).logo_png is not None) is is_shown


async def test_two_dispatchers_of_one_process_are_two_claimants() -> None:
    outbox = MemoryOutbox(a_message())
    first, second = (
        build_dispatcher(Chosen(), outbox, FixedSecrets(), clock=SetClock(), observe=lambda *_: None) for _ in range(2)
    )

    assert first._claimant != second._claimant
