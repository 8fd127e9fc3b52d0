"""Signing in to a mail server by an access token: OAUTHBEARER (RFC 7628) and XOAUTH2, whichever it offers."""

import asyncio
import time
from base64 import b64encode

from aiosmtplib import SMTP, SMTPAuthenticationError

from renumber.delivery.channel import Fault
from renumber.delivery.http import open_client, post
from renumber.settings.smtp_oauth import MailOAuth, TokenEndpoint, TokenFile

EARLY = 60.0  # seconds before its end at which a token is renewed
LIVES_AT_LEAST, LIVES_AT_MOST = 0.0, 86400.0  # seconds
LONGEST_TOKEN = 16 << 10  # characters
CONTINUE, ACCEPTED = 334, 235
ERRORS = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)  # RFC 6749 §5.2; another word might repeat a secret


class AccessTokens:
    """The access token, got once for all sessions and again shortly before it ends."""

    def __init__(self, source: MailOAuth) -> None:
        self._source = source
        self._token, self._until = "", 0.0
        self._asking = asyncio.Lock()

    async def current(self) -> str:
        """Give a token that holds; a Fault says why there is none."""
        if isinstance(self._source, TokenFile):
            return _of_file(self._source)
        async with self._asking:
            if time.monotonic() >= self._until:
                self._token, lives_for = await _asked_for(self._source)
                self._until = time.monotonic() + lives_for - EARLY
            return self._token

    def drop(self, token: str) -> None:
        """Forget a token that a mail server has refused before its end."""
        if token == self._token:
            self._until = 0.0


async def sign_in(smtp: SMTP, username: str, tokens: AccessTokens) -> None:
    """Sign in on an open session; with a token that is refused, once more with a new one."""
    token = await tokens.current()
    await smtp.ehlo()  # what is offered after STARTTLS is another list (RFC 3207 §4.2)
    try:
        await _give(smtp, username, token)
    except SMTPAuthenticationError:
        tokens.drop(token)
        newer = await tokens.current()
        if newer == token:
            raise
        await _give(smtp, username, newer)


async def _give(smtp: SMTP, username: str, token: str) -> None:
    if "oauthbearer" in smtp.server_auth_methods:
        who = username.replace("=", "=3D").replace(",", "=2C")
        host = f"host={smtp.hostname}\x01port={smtp.port}"
        await _exchange(smtp, b"OAUTHBEARER", f"n,a={who},\x01{host}\x01auth=Bearer {token}\x01\x01", goes_on=b"AQ==")
    elif "xoauth2" in smtp.server_auth_methods:
        await _exchange(smtp, b"XOAUTH2", f"user={username}\x01auth=Bearer {token}\x01\x01", goes_on=b"")
    else:
        reason = "no session with the mail server: it offers neither OAUTHBEARER nor XOAUTH2"
        raise Fault(permanent=False, reason=reason, needs_operator=True)


async def _exchange(smtp: SMTP, mechanism: bytes, given: str, *, goes_on: bytes) -> None:
    """Send what the mechanism takes; a server that refuses says why first, and waits (RFC 7628 §3.2.3)."""
    response = await smtp.execute_command(b"AUTH", mechanism, b64encode(given.encode()))
    if response.code == CONTINUE:
        response = await smtp.execute_command(goes_on)
    if response.code != ACCEPTED:
        raise SMTPAuthenticationError(response.code, response.message)


def _of_file(source: TokenFile) -> str:
    try:
        return source.token()
    except ValueError:
        raise _no_token("the file of the token can't be read") from None


async def _asked_for(source: TokenEndpoint) -> tuple[str, float]:
    """Ask the authorization server for a token, and say for how many seconds it holds."""
    client = open_client(through_proxy=True)
    try:
        answer = await post(client, "token endpoint", source.url.geturl(), data=_request(source))
    finally:
        await client.aclose()
    said = answer.json()
    fields = said if isinstance(said, dict) else {}
    token = fields.get("access_token")
    if answer.is_success and isinstance(token, str) and 0 < len(token) <= LONGEST_TOKEN and token.isprintable():
        return token, _seconds(fields.get("expires_in"))
    error = fields.get("error")
    raise _no_token(
        f"the token endpoint answers {answer.status}{f' {error}' if error in ERRORS else ''}",
        needs_operator=answer.is_client_error,
    )


def _request(source: TokenEndpoint) -> dict[str, str]:
    given = {"client_id": source.client_id, "client_secret": source.client_secret, "scope": source.scope}
    if source.refresh_token:
        given |= {"grant_type": "refresh_token", "refresh_token": source.refresh_token}
    else:
        given |= {"grant_type": "client_credentials"}
    return {name: value for name, value in given.items() if value}


def _seconds(given: object) -> float:
    seconds = float(given) if isinstance(given, int | float) and not isinstance(given, bool) else EARLY
    return min(max(seconds, LIVES_AT_LEAST), LIVES_AT_MOST)


def _no_token(why: str, *, needs_operator: bool = True) -> Fault:
    return Fault(permanent=False, reason=f"no session with the mail server: {why}", needs_operator=needs_operator)
