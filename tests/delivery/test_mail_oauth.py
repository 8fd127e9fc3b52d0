"""Signing in to a mail server by an access token, on the wire: a server, and an authorization server beside it."""

import json
from base64 import b64decode
from dataclasses import dataclass, field
from email.headerregistry import Address
from pathlib import Path

import pytest
from aiosmtpd.smtp import MISSING, SMTP, AuthResult, auth_mechanism

from renumber.delivery.channel import Fault
from renumber.delivery.mail.smtp import SmtpGateway
from renumber.settings.smtp_oauth import TokenEndpoint, TokenFile, mail_oauth
from renumber.settings.smtp_url import SmtpUrl, Tls, smtp_url
from tests.delivery.builders import a_mail
from tests.delivery.servers import Certificates, Mailbox, SmsServer, issue, running_mail_server, running_sms_server

SENDER = Address("Example Card", addr_spec="no-reply@example.com")
USER = "no-reply@example.com"


@dataclass
class Bearers(Mailbox):
    """A mail server that knows access tokens, and says why it refuses one before it does."""

    right: set[str] = field(default_factory=lambda: {"right"})
    shown: list[tuple[str, str]] = field(default_factory=list)

    async def _take(self, server: SMTP, mechanism: str, args: list[str]) -> AuthResult:
        given = b64decode(args[1]).decode()
        self.shown.append((mechanism, given))
        token = given.partition("auth=Bearer ")[2].rstrip("\x01")
        if token in self.right:
            return AuthResult(success=True, auth_data=token)
        answer = await server.challenge_auth(json.dumps({"status": "401", "schemes": "bearer"}))
        assert answer in {b"\x01", b"", MISSING}
        await server.push("535 5.7.8 Authentication credentials invalid")
        return AuthResult(success=False, handled=True)


class OfBoth(Bearers):
    @auth_mechanism("OAUTHBEARER")
    async def auth_OAUTHBEARER(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - as aiosmtpd calls it
        return await self._take(server, "OAUTHBEARER", args)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - the same
        return await self._take(server, "XOAUTH2", args)


class OfGoogle(Bearers):
    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - the same
        return await self._take(server, "XOAUTH2", args)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("oauth"), "localhost")


def private(path: Path, content: str) -> Path:
    path.write_text(content)
    path.chmod(0o600)
    return path


def a_token_file(folder: Path, content: str = "right") -> Path:
    """Settings for a token that another program renews."""
    private(folder / "token", content)
    return private(folder / "oauth.toml", 'token_file = "token"\n')


def an_endpoint(folder: Path, tokens: SmsServer, more: str = 'refresh_token_file = "refresh"\n') -> Path:
    """Settings for tokens that are asked for."""
    private(folder / "refresh", "refresh-me")
    private(folder / "client", "client-secret")
    url = f"http://127.0.0.1:{tokens.port}/token"
    return private(
        folder / "oauth.toml",
        f'token_endpoint = "{url}"\nclient_id = "mail"\nclient_secret_file = "client"\nscope = "smtp"\n{more}',
    )


def signing_in(mailbox: Mailbox, certificates: Certificates, file: Path) -> SmtpGateway:
    """A gateway that signs in by a token."""
    server = SmtpUrl(host="localhost", port=mailbox.port, tls=Tls.STARTTLS, username=USER, oauth=mail_oauth(file))
    return SmtpGateway(server, SENDER, trust=certificates.for_client())


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (OfBoth, f"n,a={USER},\x01host=localhost\x01port={{port}}\x01auth=Bearer right\x01\x01"),
        (OfGoogle, f"user={USER}\x01auth=Bearer right\x01\x01"),
    ],
)
async def test_a_token_signs_in_by_what_the_server_offers(
    certificates: Certificates, tmp_path: Path, kind: type[Bearers], expected: str
) -> None:
    async with running_mail_server(certificates, demands_login=True, mailbox=kind()) as mailbox:
        gateway = signing_in(mailbox, certificates, a_token_file(tmp_path))
        await gateway.send(a_mail())
        await gateway.close()

    assert isinstance(mailbox, Bearers)
    assert [given for _, given in mailbox.shown] == [expected.format(port=mailbox.port)]
    assert len(mailbox.mails) == 1


async def test_a_token_file_is_read_again_for_each_session(certificates: Certificates, tmp_path: Path) -> None:
    file = a_token_file(tmp_path, "old")

    async with running_mail_server(certificates, demands_login=True, mailbox=OfBoth()) as mailbox:
        gateway = signing_in(mailbox, certificates, file)
        with pytest.raises(Fault) as refused:
            await gateway.send(a_mail())
        private(tmp_path / "token", "right")
        await gateway.send(a_mail())
        await gateway.close()

    assert (refused.value.permanent, refused.value.needs_operator) == (False, True)
    assert refused.value.reason == "no session with the mail server: 535 5.7.8"
    assert len(mailbox.mails) == 1


async def test_a_token_is_got_once_by_the_refresh_token_and_again_when_it_is_refused(
    certificates: Certificates, tmp_path: Path
) -> None:
    async with (
        running_sms_server() as tokens,
        running_mail_server(certificates, demands_login=True, mailbox=OfBoth()) as mailbox,
    ):
        assert isinstance(mailbox, Bearers)
        gateway = signing_in(mailbox, certificates, an_endpoint(tmp_path, tokens))
        tokens.status, tokens.body = "200 OK", '{"access_token": "right", "token_type": "Bearer", "expires_in": 3600}'
        await gateway.greet()
        await gateway.greet()
        asked_at_first = len(tokens.requests)
        mailbox.right = {"newer"}
        tokens.body = '{"access_token": "newer", "expires_in": 3600}'
        await gateway.greet()
        await gateway.close()

    assert asked_at_first == 1
    assert len(tokens.requests) == 2
    assert tokens.requests[0].form == {
        "grant_type": "refresh_token",
        "refresh_token": "refresh-me",
        "client_id": "mail",
        "client_secret": "client-secret",
        "scope": "smtp",
    }


async def test_a_token_that_ends_is_asked_for_anew_by_the_clients_own_credentials(
    certificates: Certificates, tmp_path: Path
) -> None:
    async with (
        running_sms_server() as tokens,
        running_mail_server(certificates, demands_login=True, mailbox=OfGoogle()) as mailbox,
    ):
        gateway = signing_in(mailbox, certificates, an_endpoint(tmp_path, tokens, more=""))
        tokens.status, tokens.body = "200 OK", '{"access_token": "right", "expires_in": 30}'
        await gateway.greet()
        await gateway.greet()

    assert [request.form["grant_type"] for request in tokens.requests] == ["client_credentials"] * 2


@pytest.mark.parametrize(
    ("status", "body", "reason", "needs_operator"),
    [
        ("400 Bad Request", '{"error": "invalid_grant"}', "the token endpoint answers 400 invalid_grant", True),
        ("401 Unauthorized", '{"error": "refresh-me"}', "the token endpoint answers 401", True),
        ("503 Service Unavailable", "", "the token endpoint answers 503", False),
        ("200 OK", "[]", "the token endpoint answers 200", False),
        ("200 OK", '{"access_token": "a\\r\\nRCPT"}', "the token endpoint answers 200", False),
        ("200 OK", '{"access_token": 7}', "the token endpoint answers 200", False),
    ],
)
async def test_whatever_the_token_endpoint_says_loses_no_message_and_tells_no_secret(
    certificates: Certificates, tmp_path: Path, status: str, body: str, reason: str, *, needs_operator: bool
) -> None:
    async with (
        running_sms_server() as tokens,
        running_mail_server(certificates, demands_login=True, mailbox=OfBoth()) as mailbox,
    ):
        gateway = signing_in(mailbox, certificates, an_endpoint(tmp_path, tokens))
        tokens.status, tokens.body = status, body
        with pytest.raises(Fault) as refused:
            await gateway.send(a_mail())

    assert refused.value.reason == f"no session with the mail server: {reason}"
    assert (refused.value.permanent, refused.value.needs_operator) == (False, needs_operator)


async def test_a_server_without_either_mechanism_is_for_the_operator(
    certificates: Certificates, tmp_path: Path
) -> None:
    async with running_mail_server(certificates, demands_login=True) as mailbox:
        with pytest.raises(Fault, match="neither OAUTHBEARER nor XOAUTH2") as refused:
            await signing_in(mailbox, certificates, a_token_file(tmp_path)).send(a_mail())

    assert refused.value.needs_operator
    assert mailbox.logins == []


def test_the_file_is_named_in_the_address_of_the_mail_server(tmp_path: Path) -> None:
    file = a_token_file(tmp_path)

    read = smtp_url(f"smtp://no-reply%40example.com@mail.example.com:587?oauth={file}")

    assert (read.username, read.password, read.oauth) == (USER, None, TokenFile(path=tmp_path / "token"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "write token_file alone, or token_endpoint"),
        ("token_file =", "is no TOML"),
        ('token_file = "nowhere"', "can't be read"),
        ('token_file = "open"', "others can read"),
        ('token = "right"', "token is none of token_file"),
        ("client_id = 7", "each a text"),
        ('token_file = "t"\nclient_id = "mail"', "token_file alone"),
        ('token_endpoint = "https://a.example/t"\nclient_id = "mail"', "or refresh_token_file"),
        ('token_endpoint = "http://a.example/t"\nclient_id = "m"\nrefresh_token_file = "t"', "an https:// address"),
    ],
)
def test_a_file_that_gets_no_token_is_told_at_the_start(tmp_path: Path, content: str, sentence: str) -> None:
    private(tmp_path / "t", "hush")
    (tmp_path / "open").write_text("hush")
    (tmp_path / "open").chmod(0o644)
    file = private(tmp_path / "oauth.toml", content)

    with pytest.raises(ValueError, match=sentence) as refused:
        smtp_url(f"smtp://u@mail.example.com?oauth={file}")

    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("who", ["", "u:hush@"])
def test_a_token_takes_a_user_and_no_password(tmp_path: Path, who: str) -> None:
    with pytest.raises(ValueError, match="write the user alone") as refused:
        smtp_url(f"smtp://{who}mail.example.com?oauth={a_token_file(tmp_path)}")

    assert "hush" not in str(refused.value)


def test_secrets_hide_themselves(tmp_path: Path) -> None:
    shown = repr(TokenEndpoint(url=None, client_id="mail", client_secret="hush", refresh_token="hush"))  # type: ignore[arg-type]  # not looked at

    assert "hush" not in shown
