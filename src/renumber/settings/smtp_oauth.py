"""The file of a mail server's OAuth 2.0: a token that something else renews, or what tokens are got with."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult

from renumber.settings.joins.secret_files import private_text
from renumber.settings.joins.text_files import read_text
from renumber.settings.loopback import is_loopback
from renumber.settings.urls import split

LARGEST = 64 << 10  # bytes
KNOWN = ("token_file", "token_endpoint", "client_id", "client_secret_file", "refresh_token_file", "scope")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFile:
    """An access token in a file that another program keeps fresh; it is read before each sign-in."""

    path: Path

    def token(self) -> str:
        """Read the token; ValueError if it can't be read, or others can."""
        return private_text(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEndpoint:
    """An authorization server, and what it gives access tokens for (RFC 6749 §4.4, §6).

    Without a refresh token the client's own credentials are what it takes.
    """

    url: SplitResult
    client_id: str
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    scope: str = ""


MailOAuth = TokenFile | TokenEndpoint


def mail_oauth(path: Path) -> MailOAuth:
    """Read the file, and those that it names, which lie beside it; a ValueError says what to write instead."""
    given = _parsed(path)
    unknown = [name for name, value in given.items() if name not in KNOWN or not isinstance(value, str)]
    if unknown:
        raise ValueError(f"{path}: {unknown[0]} is none of {', '.join(KNOWN)}, each a text")
    if "token_file" in given and len(given) == 1:
        source = TokenFile(path=path.parent / given["token_file"])
        source.token()
        return source
    return _endpoint(path, given)


def _parsed(path: Path) -> dict[str, str]:
    try:
        return tomllib.loads(read_text(path, LARGEST))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} is no TOML: {error}") from None


def _endpoint(path: Path, given: dict[str, str]) -> TokenEndpoint:
    url = split(given.get("token_endpoint", ""))
    secrets = {
        name: private_text(path.parent / given[f"{name}_file"])
        for name in ("client_secret", "refresh_token")
        if f"{name}_file" in given
    }
    if "token_file" in given or not url.hostname or not given.get("client_id") or not secrets:
        usual = "write token_file alone, or token_endpoint, client_id, and client_secret_file or refresh_token_file"
        raise ValueError(f"{path}: {usual}")
    if url.scheme != "https" and not is_loopback(url.hostname):
        raise ValueError(f"{path}: token_endpoint has to be an https:// address")
    return TokenEndpoint(url=url, client_id=given["client_id"], scope=given.get("scope", ""), **secrets)
