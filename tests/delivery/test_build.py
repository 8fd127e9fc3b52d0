"""From an operator's settings to mail and text on the wire."""

from pathlib import Path

import pytest

from renumber.delivery.ports import Result, Sent
from renumber.domain.messages.message import Channel, Notice
from renumber.settings import Settings
from renumber.wiring.delivery import branding_of, build_dispatcher
from tests.delivery.builders import FixedSecrets, MemoryOutbox, SetClock, a_message, a_text
from tests.delivery.servers import running_mail_server, running_sms_server


def settings_with(**texts: str) -> Settings:
    """The settings of Example Card."""
    given = {"BASE_URL": "https://account.example.com", "MAIL_FROM": "no-reply@example.com", "BRAND": "Example Card"}
    return Settings.from_environment({f"RENUMBER_{name}": text for name, text in (given | texts).items()})


async def test_a_mail_and_a_text_go_out_through_what_the_operator_has_set_up() -> None:
    mail, text = a_message(Notice.CHANGE_REQUESTED), a_text()
    outbox = MemoryOutbox(mail, text)
    results: list[tuple[Channel, Notice, Result]] = []

    async with running_mail_server() as mailbox, running_sms_server() as away, running_sms_server() as sms:
        away.status = "503 Service Unavailable"
        settings = settings_with(
            SMTP_URL=f"smtp://localhost:{mailbox.port}?tls=none",
            SMS_URL=f"http+json://127.0.0.1:{away.port}/, http+json://127.0.0.1:{sms.port}/",
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
    dispatcher = build_dispatcher(settings_with(), outbox, FixedSecrets(), clock=SetClock(), observe=lambda *_: None)

    await dispatcher.drain()

    assert outbox.of(message).settlement is None
    assert outbox.of(message).retries[0].reason == "no gateway is set up for this channel"


@pytest.mark.parametrize(
    ("name", "content", "is_shown"),
    [("logo.png", b"\x89PNG\r\n\x1a\nrest", True), ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', False)],
)
def test_a_png_is_shown_in_mails_and_an_svg_is_not(
    tmp_path: Path, name: str, content: bytes, *, is_shown: bool
) -> None:
    logo = tmp_path / name
    logo.write_bytes(content)

    assert (branding_of(settings_with(BRAND_LOGO=str(logo))).logo_png is not None) is is_shown


async def test_two_dispatchers_of_one_process_are_two_claimants() -> None:
    outbox = MemoryOutbox(a_message())
    first, second = (
        build_dispatcher(settings_with(), outbox, FixedSecrets(), clock=SetClock(), observe=lambda *_: None)
        for _ in range(2)
    )

    assert first._loop._claimant != second._loop._claimant
