"""The joins file, read whole: every problem is a sentence that names its place, and nothing is half taken."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from renumber.policies.joins import ApiKey, Application, Joins, Pkce, Profile, Scope, Webhook
from renumber.policies.oidc.scopes import PersonScope
from renumber.settings.joins.addresses import page_address, redirect_address
from renumber.settings.joins.rows import ApiKeyRow, ClientRow, Rows, WebhookRow
from renumber.settings.joins.secret_files import client_secret, public_keys, webhook_secret
from renumber.settings.joins.text_files import read_text

LARGEST = 1 << 20  # bytes
# The first is taken where none is named; FAPI 2.0 5.4.1 leaves RS256 out.
ID_TOKEN_ALGORITHMS = {Profile.OIDC: ("RS256", "ES256"), Profile.FAPI2: ("ES256",)}
APPLICATION_SCOPES = ("openid", "profile", "email", "phone", "offline_access", *PersonScope)
USUAL_SCOPES = frozenset({"openid", "profile", "email", "phone"})
_ID = re.compile(r"[A-Za-z0-9._~-]{1,64}", re.ASCII)
_PATTERN = re.compile(r"[a-z_*]{1,40}(\.[a-z_*]{1,40})?", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_AUDIENCE = re.compile(r"[!-~]{0,200}", re.ASCII)
_NAME = re.compile(r"[\w .@-]{1,64}")

Row = TypeVar("Row")
Joined = TypeVar("Joined")
Word = TypeVar("Word", bound=StrEnum)


class JoinsProblem(ValueError):
    """A joins file that can't be used, with one sentence for each reason, none of which quotes a secret."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(slots=True)
class Folder:
    """The folder of the joins file, from which it names others, and all the files that it has named."""

    path: Path
    named: list[Path] = field(default_factory=list)

    def file(self, name: str) -> Path:
        """Find a file by the name that stands in the joins file."""
        self.named.append(self.path / name)
        return self.named[-1]


def read_joins(path: Path, folder: Folder | None = None) -> Joins:
    """Read the file and the files that it names, all of which `folder` lists afterwards; raises JoinsProblem."""
    rows, beside = _rows(path), folder or Folder(path.parent)
    problems: list[str] = []

    def read(kind: str, given: list[Row], one: Callable[[Row, Folder], Joined]) -> tuple[Joined, ...]:
        joined = []
        for number, row in enumerate(given, start=1):
            try:
                joined.append(one(row, beside))
            except ValueError as error:
                problems.append(f"{kind} {number} ({_name(row)}): {error}")
        return tuple(joined)

    joins = Joins(
        read("client", rows.client, _application),
        read("webhook", rows.webhook, _webhook),
        read("api_key", rows.api_key, _api_key),
    )
    problems += _twice(joins)
    if problems:
        raise JoinsProblem(problems)
    return joins


def _rows(path: Path) -> Rows:
    try:
        return msgspec.convert(tomllib.loads(read_text(path, LARGEST)), Rows)
    except tomllib.TOMLDecodeError as error:
        raise JoinsProblem([f"{path} is no TOML: {error}"]) from None
    except msgspec.ValidationError as error:
        raise JoinsProblem([f"{path}: {error}"]) from None
    except ValueError as error:
        raise JoinsProblem([str(error)]) from None


def _name(row: object) -> str:
    return getattr(row, "id", "") or getattr(row, "name", "") or "unnamed"


def _twice(joins: Joins) -> Iterator[str]:
    """Find what stands there twice: which of the two was meant is anybody's guess."""
    names = {
        "client": [one.client_id for one in joins.applications],
        "webhook": [one.webhook_id for one in joins.webhooks],
        "api_key": [one.name for one in joins.api_keys],
        "hash of an api_key": [one.key_hash.hex() for one in joins.api_keys],
    }
    for kind, given in names.items():
        yield from (f"the {kind} {name} is there twice" for name, times in Counter(given).items() if times > 1)


def _application(row: ClientRow, folder: Folder) -> Application:
    client_id = _spelt(_ID, row.id, name="id", wanted="1 to 64 letters, digits, dots, hyphens and underscores")
    profile, pkce = _word(Profile, "profile", row.profile), _word(Pkce, "pkce", row.pkce)
    algorithms = ID_TOKEN_ALGORITHMS[profile]
    _check_authentication(row, profile, pkce)
    return Application(
        client_id=client_id,
        name=_spelt(
            re.compile(r"[^\x00-\x1f\x7f]{1,60}"), row.name or row.id, name="name", wanted="at most 60 characters"
        ),
        secret_hash=client_secret(folder.file(row.secret_file)) if row.secret_file else b"",
        jwks=public_keys(folder.file(row.jwks_file)) if row.jwks_file else "",
        is_public=row.public,
        is_foreign=row.foreign,
        redirect_uris=_addresses("redirect_uris", row.redirect_uris, redirect_address),
        post_logout_redirect_uris=_addresses(
            "post_logout_redirect_uris", row.post_logout_redirect_uris, redirect_address
        ),
        initiate_login_uri=_address("initiate_login_uri", row.initiate_login_uri),
        backchannel_logout_uri=_backchannel(row),
        allow_private=row.allow_private,
        return_to=_addresses("return_to", row.return_to, page_address),
        scopes=frozenset(_one_of("scopes", each, APPLICATION_SCOPES) for each in row.scopes) or USUAL_SCOPES,
        profile=profile,
        uses_nonces=profile is Profile.FAPI2 if row.dpop_nonce is None else row.dpop_nonce,
        pkce=pkce,
        id_token_signed_response_alg=_one_of(
            "id_token_signed_response_alg", row.id_token_signed_response_alg or algorithms[0], algorithms
        ),
    )


def _check_authentication(row: ClientRow, profile: Profile, pkce: Pkce) -> None:
    if sum((row.public, bool(row.secret_file), bool(row.jwks_file))) != 1:
        raise ValueError("give just one of secret_file, jwks_file and public = true")
    if profile is Profile.FAPI2 and pkce is Pkce.OPTIONAL:
        raise ValueError('profile = "fapi2" needs pkce = "required"')
    if row.public and pkce is Pkce.OPTIONAL:
        raise ValueError('an application without a secret needs pkce = "required": anybody could use its code')
    if profile is Profile.FAPI2 and not row.jwks_file:
        raise ValueError('profile = "fapi2" takes a jwks_file: a shared secret is not enough there')


def _backchannel(row: ClientRow) -> str:
    """Check the address that ended sessions are told to: we go there ourselves, by the rules of webhooks."""
    if row.backchannel_logout_uri.startswith("http:") and not row.allow_private:
        raise ValueError("backchannel_logout_uri: use https://; http:// is for this machine, with allow_private = true")
    return _address("backchannel_logout_uri", row.backchannel_logout_uri)


def _webhook(row: WebhookRow, folder: Folder) -> Webhook:
    url = _address("url", row.url)
    parts = urlsplit(url)
    files = [row.secret_file] if isinstance(row.secret_file, str) else row.secret_file
    if not 1 <= len(files) <= 2:
        raise ValueError("secret_file names one file, or two while the secret is changed: the newer first")
    if parts.scheme != "https" and not row.allow_private:
        raise ValueError("use https://; http:// is for this machine, with allow_private = true")
    return Webhook(
        webhook_id=_spelt(
            _ID, row.id or parts.netloc.replace(":", "-"), name="id", wanted="1 to 64 letters, digits, - . _ ~"
        ),
        url=url,
        secrets=tuple(webhook_secret(folder.file(each)) for each in files),
        events=tuple(
            _spelt(_PATTERN, each, name="events", wanted="types such as phone_number.*") for each in row.events
        ),
        include_number=row.include_number,
        allow_private=row.allow_private,
    )


def _api_key(row: ApiKeyRow, _folder: Folder) -> ApiKey:
    scopes = frozenset(_word(Scope, "scopes", each) for each in row.scopes)
    if not scopes:
        raise ValueError(f"scopes: name what it may do: {', '.join(Scope)}")
    return ApiKey(
        name=_spelt(_NAME, row.name, name="name", wanted="at most 64 letters, digits, spaces, dots and hyphens"),
        key_hash=bytes.fromhex(
            _spelt(_HASH, row.hash, name="hash", wanted="what `renumber joins secret --api-key` prints")
        ),
        scopes=scopes,
        audience=_spelt(_AUDIENCE, row.audience, name="audience", wanted="at most 200 characters, without spaces"),
        allow_private=row.allow_private,
    )


def _spelt(pattern: re.Pattern[str], given: str, *, name: str, wanted: str) -> str:
    if not pattern.fullmatch(given):
        raise ValueError(f"{name}: write {wanted}")
    return given


def _word(kind: type[Word], name: str, given: str) -> Word:
    return kind(_one_of(name, given, tuple(kind)))


def _one_of(name: str, given: str, known: tuple[str, ...]) -> str:
    if given not in known:
        raise ValueError(f"{name}: write one of {', '.join(known)}")
    return given


def _address(name: str, given: str) -> str:
    return _addresses(name, [given], page_address)[0] if given else ""


def _addresses(name: str, given: list[str], check: Callable[[str], str]) -> tuple[str, ...]:
    try:
        return tuple(check(each) for each in given)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
