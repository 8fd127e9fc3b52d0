"""Mail on the wire: a real SMTP server, real certificates."""

from contextlib import nullcontext
from dataclasses import replace
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from typing import Any

import pytest

from renumber.delivery.channel import Fault
from renumber.delivery.mail import smtp as email_room
from renumber.delivery.mail.mime import _to, policy_for
from renumber.delivery.mail.smtp import SmtpGateway
from renumber.settings.smtp_url import SmtpUrl, Tls, smtp_url
from tests.delivery.builders import NOON, a_branding, a_mail, a_message
from tests.delivery.servers import Certificates, Mailbox, issue, running_mail_server

SENDER = Address("Example Card", addr_spec="no-reply@example.com")
PNG = b"\x89PNG\r\n\x1a\n picture"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("right"), "localhost")


def plainly(mailbox: Mailbox) -> SmtpGateway:
    """A gateway without TLS, as for a relay on the same machine."""
    return SmtpGateway(smtp_url(f"smtp://localhost:{mailbox.port}?tls=none"), SENDER)


def over_tls(mailbox: Mailbox, certificates: Certificates, tls: Tls = Tls.STARTTLS, **login: Any) -> SmtpGateway:
    """A gateway that trusts the authority of the test."""
    return SmtpGateway(
        SmtpUrl(host="localhost", port=mailbox.port, tls=tls, **login), SENDER, trust=certificates.for_client()
    )


async def test_a_mail_arrives_with_both_forms_and_the_headers_of_an_automatic_message() -> None:
    mail = a_mail()

    async with running_mail_server() as mailbox:
        gateway = plainly(mailbox)
        await gateway.send(mail)
        await gateway.close()

    (received,) = mailbox.mails
    message = received.message
    assert (received.sender, received.recipients) == ("no-reply@example.com", ["erika@example.com"])
    assert message["From"] == "Example Card <no-reply@example.com>"
    assert message["To"] == "erika@example.com"
    assert message["Subject"] == "Your phone number was reset"
    assert message["Date"].datetime == NOON
    assert message["Message-ID"] == f"<{mail.message_id}@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert received.part("plain").splitlines() == mail.text.splitlines()
    assert received.part("html").splitlines() == mail.html.splitlines()


async def test_umlauts_survive_and_the_wire_stays_seven_bit_with_short_lines() -> None:
    mail = a_mail(a_message(locale="de", name="Jürgen Größe"))

    async with running_mail_server() as mailbox:
        await plainly(mailbox).send(mail)

    (received,) = mailbox.mails
    assert received.message["Subject"] == "Ihre Telefonnummer wurde zurückgesetzt"
    assert "Jürgen Größe" in received.part("plain")
    assert "Jürgen Größe" in received.part("html")
    assert received.raw.isascii()
    assert max(map(len, received.raw.splitlines())) <= 78


async def test_a_mail_with_a_logo_is_well_formed_whatever_its_words_look_like() -> None:
    mail = a_mail()
    boundary = f"--=_a_{mail.message_id}"
    mail = replace(mail, text=f"{boundary}\n.\n..\n trailing \n{'long ' * 60}\n=3D\n{boundary}--\nend\n")

    async with running_mail_server() as mailbox:
        server = smtp_url(f"smtp://localhost:{mailbox.port}?tls=none")
        await SmtpGateway(server, SENDER, logo_png=PNG).send(mail)

    (received,) = mailbox.mails
    kinds = ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    assert [part.get_content_type() for part in received.message.walk()] == kinds
    assert [part.defects for part in received.message.walk()] == [[]] * len(kinds)
    assert received.part("plain").splitlines() == mail.text.splitlines()
    assert b"\n" not in received.raw.replace(b"\r\n", b"")


async def test_an_address_beyond_ascii_is_sent_to_servers_that_can_take_it() -> None:
    async with running_mail_server(takes_utf8=True) as mailbox:
        await plainly(mailbox).send(replace(a_mail(), to="erika@bücher.example"))

    (received,) = mailbox.mails
    assert received.recipients == ["erika@bücher.example"]
    assert "To: erika@bücher.example\r\n".encode() in received.raw


@pytest.mark.parametrize(
    "to",
    [
        "ärika@example.com",
        "我買@xn--r8jz45g.example",
        "\u0645\u06cc\u200c\u0634\u0648\u0645@example.com",
        "e.ü@example.co.uk",
    ],
)
async def test_a_mailbox_beyond_ascii_gets_its_mail_by_smtputf8(to: str) -> None:
    async with running_mail_server(takes_utf8=True) as mailbox:
        await plainly(mailbox).send(replace(a_mail(), to=to))

    (received,) = mailbox.mails
    assert received.recipients == [to]
    assert f"To: {to}\r\n".encode() in received.raw


async def test_an_address_beyond_ascii_waits_for_the_operator_where_the_server_cannot_take_it() -> None:
    async with running_mail_server() as mailbox:
        with pytest.raises(Fault, match="SMTPUTF8") as refused:
            await plainly(mailbox).send(replace(a_mail(), to="ärika@example.com"))

    assert (refused.value.permanent, refused.value.needs_operator) == (False, True)
    assert mailbox.mails == []


@pytest.mark.parametrize("offered", [True, False])
async def test_a_server_that_is_said_to_have_smtputf8_is_asked_whether_it_has(*, offered: bool) -> None:
    async with running_mail_server(takes_utf8=offered) as mailbox:
        server = smtp_url(f"smtp://localhost:{mailbox.port}?tls=none&smtputf8=yes")
        asking = SmtpGateway(server, SENDER).greet()
        with nullcontext() if offered else pytest.raises(Fault, match="has no SMTPUTF8"):
            await asking


async def test_the_same_message_sent_again_has_the_same_message_id() -> None:
    mail = a_mail()

    async with running_mail_server() as mailbox:
        gateway = plainly(mailbox)
        await gateway.send(mail)
        await gateway.send(mail)
        await gateway.close()

    first, second = (received.message["Message-ID"] for received in mailbox.mails)
    assert first == second


@pytest.mark.parametrize(
    "address",
    [
        "erika@example.com",
        "e.m+card_1-x@mail.example.co.uk",
        "a@b.de",
        f"{'a' * 50}@example.com",
        f"{'a' * 60}@example.com",
        "Erika@Example.com",
        "erika@localhost",
        "er!ka@example.com",
        '"e m"@example.com',
        "erika@b\u00fccher.example",
        "erika@xn--bcher-kva.example",
        "e..m@example.com",
    ],
)
def test_a_recipient_is_written_as_the_standard_library_writes_it(address: str) -> None:
    policy = policy_for(address)
    try:
        expected = str(policy.fold("To", policy.header_factory("To", Address(addr_spec=address)))).removesuffix("\r\n")
    except (ValueError, MessageError, IndexError):
        expected = "refused"

    try:
        written = _to(address, policy)
    except (ValueError, MessageError, IndexError):
        written = "refused"

    assert written == expected


async def test_the_logo_travels_inside_the_mail() -> None:
    mail = a_mail(branding=a_branding(logo_png=PNG))

    async with running_mail_server() as mailbox:
        server = smtp_url(f"smtp://localhost:{mailbox.port}?tls=none")
        await SmtpGateway(server, SENDER, logo_png=PNG).send(mail)

    (received,) = mailbox.mails
    (logo,) = [part for part in received.message.walk() if part.get_content_type() == "image/png"]
    assert logo["Content-ID"] == "<brand>"
    assert logo.get_content() == PNG
    assert 'src="cid:brand"' in received.part("html")
    assert "http" not in received.part("html").partition('src="')[2].partition('"')[0]


async def test_one_connection_carries_several_mails() -> None:
    async with running_mail_server() as mailbox:
        gateway = plainly(mailbox)
        for _ in range(3):
            await gateway.send(a_mail())
        await gateway.close()

    assert (mailbox.connections, len(mailbox.mails)) == (1, 3)


async def test_a_connection_that_the_server_dropped_is_made_anew() -> None:
    async with running_mail_server() as mailbox:
        gateway = plainly(mailbox)
        await gateway.send(a_mail())
        for transport in mailbox.open:
            transport.close()
        await gateway.send(a_mail())
        await gateway.close()

    assert (mailbox.connections, len(mailbox.mails)) == (2, 2)


async def test_a_connection_kept_too_long_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_mail_server() as mailbox:
        gateway = plainly(mailbox)
        await gateway.send(a_mail())
        gateway._idle[0].used_at -= email_room.KEPT_FOR
        await gateway.send(a_mail())
        await gateway.close()

    assert (mailbox.connections, len(mailbox.mails)) == (2, 2)


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
@pytest.mark.parametrize(("answer", "permanent"), [("451 4.7.1 greylisted", False), ("550 5.1.1 unknown", True)])
async def test_4xx_may_pass_and_a_recipient_that_is_refused_does_not(
    command: str, answer: str, *, permanent: bool
) -> None:
    async with running_mail_server() as mailbox:
        mailbox.answers[command] = answer
        with pytest.raises(Fault) as refused:
            await plainly(mailbox).send(a_mail())

    assert refused.value.permanent is permanent
    assert not refused.value.needs_operator
    assert refused.value.reason == f"the mail server refused: {answer[:9]}"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("MAIL", "553 5.7.1 <no-reply@example.com>: Sender address rejected: not owned by user post"),
        ("MAIL", "550 5.1.1 unknown"),
        ("RCPT", "554 5.7.1 <{address}>: Relay access denied"),
        ("RCPT", "550 5.4.5 Daily user sending limit exceeded"),
        ("DATA", "554 5.7.1 Message rejected as spam"),
    ],
)
async def test_a_refusal_of_this_service_loses_no_message_and_is_for_the_operator(command: str, answer: str) -> None:
    async with running_mail_server() as mailbox:
        mailbox.answers[command] = answer
        with pytest.raises(Fault) as refused:
            await plainly(mailbox).send(a_mail())

    assert (refused.value.permanent, refused.value.needs_operator) == (False, True)
    assert refused.value.reason == (
        f"the mail server refused this service and not the recipient: {answer[:9]} ({command})"
    )


async def test_what_the_server_says_about_an_address_is_not_repeated() -> None:
    async with running_mail_server() as mailbox:
        mailbox.answers["RCPT"] = "550 <{address}> is unknown here"
        with pytest.raises(Fault) as refused:
            await plainly(mailbox).send(a_mail())

    assert "erika" not in refused.value.reason


async def test_a_refused_mail_does_not_spoil_the_next_one() -> None:
    async with running_mail_server() as mailbox:
        gateway = plainly(mailbox)
        mailbox.answers["RCPT"] = "550 unknown"
        with pytest.raises(Fault):
            await gateway.send(a_mail())
        mailbox.answers.clear()
        await gateway.send(a_mail())
        await gateway.close()

    assert len(mailbox.mails) == 1
    assert mailbox.connections == 2  # a connection that has seen trouble is not used again


async def test_a_server_that_cannot_be_reached_may_come_back() -> None:
    async with running_mail_server() as mailbox:
        gateway = plainly(mailbox)

    with pytest.raises(Fault) as refused:
        await gateway.send(a_mail())

    assert not refused.value.permanent


async def test_starttls_with_a_known_authority_is_used(certificates: Certificates) -> None:
    async with running_mail_server(certificates) as mailbox:
        gateway = over_tls(mailbox, certificates)
        await gateway.send(a_mail())
        await gateway.close()

    assert len(mailbox.mails) == 1


async def test_tls_from_the_first_byte_is_used(certificates: Certificates) -> None:
    async with running_mail_server(certificates, implicit_tls=True) as mailbox:
        gateway = over_tls(mailbox, certificates, Tls.IMPLICIT)
        await gateway.send(a_mail())
        await gateway.close()

    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
async def test_a_certificate_of_an_unknown_authority_gets_no_mail(certificates: Certificates, tls: Tls) -> None:
    async with running_mail_server(certificates, implicit_tls=tls is Tls.IMPLICIT) as mailbox:
        gateway = SmtpGateway(SmtpUrl(host="localhost", port=mailbox.port, tls=tls), SENDER)
        with pytest.raises(Fault) as refused:
            await gateway.send(a_mail())

    assert not refused.value.permanent
    assert mailbox.mails == []


async def test_a_certificate_for_another_host_gets_no_mail(tmp_path: Path) -> None:
    other = issue(tmp_path, "elsewhere.example.com")

    async with running_mail_server(other) as mailbox:
        with pytest.raises(Fault):
            await over_tls(mailbox, other).send(a_mail())

    assert mailbox.mails == []


async def test_whoever_strips_the_starttls_offer_gets_neither_password_nor_mail(certificates: Certificates) -> None:
    async with running_mail_server(demands_login=True) as mailbox:
        gateway = over_tls(mailbox, certificates, username="renumber", password="right")
        with pytest.raises(Fault) as refused:
            await gateway.send(a_mail())

    assert not refused.value.permanent
    assert (mailbox.mails, mailbox.logins) == ([], [])


async def test_the_password_is_given_over_tls(certificates: Certificates) -> None:
    async with running_mail_server(certificates, demands_login=True) as mailbox:
        gateway = over_tls(mailbox, certificates, username="renumber", password="right")
        await gateway.send(a_mail())
        await gateway.close()

    assert (len(mailbox.mails), mailbox.logins) == (1, [(b"renumber", b"right")])


async def test_a_wrong_password_is_the_operators_to_mend_and_loses_no_message(certificates: Certificates) -> None:
    async with running_mail_server(certificates, demands_login=True) as mailbox:
        with pytest.raises(Fault) as refused:
            await over_tls(mailbox, certificates, username="renumber", password="wrong").send(a_mail())

    assert not refused.value.permanent
    assert refused.value.needs_operator
    assert refused.value.reason == "no session with the mail server: 535 5.7.8"


@pytest.mark.parametrize(
    "to",
    [
        "erika@example.com\r\nBcc: thief@example.net",
        "erika@example.com\nSubject: hello",
        "erika@example.com> SIZE=1\r\nRCPT TO:<thief@example.net",
        "erika@example.com, thief@example.net",
        "\u00e4@example.com\r\nBcc: thief@example.net",
        "\u00e4@example.com>,<thief@example.net",
        "",
    ],
)
async def test_an_address_cannot_carry_another_header_command_or_recipient(to: str) -> None:
    async with running_mail_server() as mailbox:
        with pytest.raises(Fault) as refused:
            await plainly(mailbox).send(replace(a_mail(), to=to))

    assert refused.value.permanent
    assert mailbox.mails == []


async def test_a_subject_with_a_line_break_is_refused() -> None:
    async with running_mail_server() as mailbox:
        with pytest.raises(Fault) as refused:
            await plainly(mailbox).send(replace(a_mail(), subject="Hello\r\nBcc: thief@example.net"))

    assert refused.value.permanent
    assert mailbox.mails == []


async def test_a_name_with_line_breaks_forges_nothing_on_the_wire() -> None:
    mail = a_mail(
        a_message(name="Eve\r\nBcc: thief@example.net\r\n\r\n<script>", browser="x\r\nX-Evil: 1\r\n.\r\nQUIT")
    )

    async with running_mail_server() as mailbox:
        await plainly(mailbox).send(mail)

    (received,) = mailbox.mails
    assert received.recipients == ["erika@example.com"]
    assert received.message["Bcc"] is None
    assert received.message["X-Evil"] is None
    assert "<script>" not in received.part("html")
