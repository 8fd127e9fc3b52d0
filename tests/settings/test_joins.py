"""The joins file: what joins is taken whole, and whatever can't be meant is told with its place, before it is used."""

import json
import os
import re
import tomllib
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from renumber.policies.joins import NO_JOINS, Pkce, Profile, Scope, Webhook
from renumber.settings import Settings, SettingsError
from renumber.settings.joins.file import JoinsProblem, read_joins
from renumber.settings.joins.rows import ApiKeyRow, ClientRow, WebhookRow
from renumber.settings.joins.watched import LOOKED_AT_EVERY, WatchedJoins

GUIDE = Path(__file__).parents[2] / "docs/operating.md"
SECRET = "a" * 43
WHSEC = f"whsec_{b64encode(bytes(range(32))).decode()}"
POINT = '"x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"'
PUBLIC = f'{{"keys": [{{"kty": "EC", "crv": "P-256", {POINT}, "kid": "1"}}]}}'
CLIENT = """
[[client]]
id = "shop"
name = "Example Shop"
secret_file = "shop.secret"
redirect_uris = ["https://shop.example/callback", "http://127.0.0.1:8080/callback"]
"""
STRICT = 'jwks_file = "keys.json"\nprofile = "fapi2"\n'
HOOK = """
[[webhook]]
url = "https://shop.example/hooks"
secret_file = "shop.whsec"
"""


def private(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o600)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    private(tmp_path / "shop.secret", SECRET)
    private(tmp_path / "shop.whsec", WHSEC)
    private(tmp_path / "newer.whsec", f"whsec_{b64encode(bytes(32)).decode()}")
    (tmp_path / "keys.json").write_text(PUBLIC)
    return tmp_path


def joined(folder: Path, text: str) -> Path:
    path = folder / "joins.toml"
    path.write_text(text)
    return path


def problems(folder: Path, text: str) -> str:
    with pytest.raises(JoinsProblem) as caught:
        read_joins(joined(folder, text))
    return "\n".join(caught.value.problems)


def test_the_file_of_the_guide_is_taken_with_every_key_that_there_is(folder: Path) -> None:
    [text] = re.findall(r"```toml\n(\[\[client\]\].*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)

    joins = read_joins(joined(folder, text))

    assert (len(joins.applications), len(joins.webhooks), len(joins.api_keys)) == (1, 1, 1)
    named = {name for row in tomllib.loads(text).values() for name in row[0]}
    known = {name for row in (ClientRow, WebhookRow, ApiKeyRow) for name in row.__struct_fields__}
    assert known - named == {"jwks_file", "public"}


@pytest.mark.parametrize(("profile", "algorithm"), [("oidc", "RS256"), ("fapi2", "ES256")])
def test_id_tokens_are_signed_as_the_profile_says_where_nothing_else_is_said(
    folder: Path, profile: str, algorithm: str
) -> None:
    text = CLIENT.replace('secret_file = "shop.secret"', f'jwks_file = "keys.json"\nprofile = "{profile}"')

    [application] = read_joins(joined(folder, text)).applications

    assert application.id_token_signed_response_alg == algorithm


def test_an_application_is_taken_with_its_secret_hashed(folder: Path) -> None:
    joins = read_joins(joined(folder, CLIENT))

    shop = joins.application("shop")
    assert shop is not None
    assert (shop.name, shop.profile, shop.pkce, shop.is_public) == ("Example Shop", Profile.OIDC, Pkce.REQUIRED, False)
    assert shop.has_secret(sha256(SECRET.encode()).digest())
    assert not shop.has_secret(sha256(b"another").digest())
    assert SECRET not in repr(joins.applications)


def test_what_shows_no_secret_never_matches_an_empty_one(folder: Path) -> None:
    text = CLIENT.replace('secret_file = "shop.secret"', 'jwks_file = "keys.json"')

    shop = read_joins(joined(folder, text)).application("shop")

    assert shop is not None
    assert not shop.has_secret(b"")


def test_a_webhook_has_up_to_two_secrets_while_one_is_changed(folder: Path) -> None:
    text = HOOK.replace('"shop.whsec"', '["newer.whsec", "shop.whsec"]')

    hook = read_joins(joined(folder, text)).webhook("shop.example")

    assert hook is not None
    assert hook.secrets == (bytes(32), bytes(range(32)))
    assert (hook.include_number, hook.allow_private) == (False, False)


def test_an_api_key_is_found_by_its_hash(folder: Path) -> None:
    digest = sha256(b"rnk_x").digest()
    text = f'[[api_key]]\nname = "payments"\nhash = "{digest.hex()}"\nscopes = ["accounts:read", "events"]\n'

    joins = read_joins(joined(folder, text))

    key = joins.api_key(digest)
    assert key is not None
    assert key.scopes == frozenset({Scope.ACCOUNTS_READ, Scope.EVENTS})
    assert joins.api_key(sha256(b"rnk_y").digest()) is None


@pytest.mark.parametrize(
    ("pattern", "heard", "unheard"),
    [
        ("*", "phone_number.changed", ""),
        ("phone_number.*", "phone_number.reset", "phone_change.requested"),
        ("account.frozen", "account.frozen", "account.released"),
    ],
)
def test_a_webhook_hears_what_its_patterns_name(pattern: str, heard: str, unheard: str) -> None:
    hook = Webhook(webhook_id="a", url="https://a.example", secrets=(b"",), events=(pattern,))

    assert hook.hears(heard)
    assert not unheard or not hook.hears(unheard)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("https://shop.example/callback", "http://shop.example/callback"), "use https://"),
        (("https://shop.example/callback", "https://shop.example/*"), "wildcards"),
        (("https://shop.example/callback", "https://shop.example/a#b"), "fragment"),
        (("https://shop.example/callback", "https://me@shop.example/a"), "user before the host"),
        (("https://shop.example/callback", "javascript:alert(1)"), "reversed domain"),
        (("https://shop.example/callback", "//shop.example"), "reversed domain"),
        (("https://shop.example/callback", "https://shop.example/a b"), "without spaces"),
        (("https://shop.example/callback", "https://shöp.example"), "ASCII"),
        (('id = "shop"', 'id = "shop shop"'), "client 1 (shop shop): id: write"),
        (('id = "shop"', ""), "missing required field `id`"),
        (('secret_file = "shop.secret"', ""), "just one of secret_file"),
        (('secret_file = "shop.secret"', 'secret_file = "shop.secret"\npublic = true'), "just one of secret_file"),
        (('secret_file = "shop.secret"', 'public = true\npkce = "optional"'), 'needs pkce = "required"'),
        (('secret_file = "shop.secret"', 'secret_file = "missing"'), "can't be read: No such file"),
        (('secret_file = "shop.secret"', 'secret_file = "keys.json"'), "others can read"),
        (('secret_file = "shop.secret"', 'jwks_file = "shop.secret"'), "is no JSON Web Key Set"),
        (('name = "Example Shop"', 'profile = "fapi2"'), "takes a jwks_file"),
        (('secret_file = "shop.secret"', f'{STRICT}pkce = "optional"'), 'needs pkce = "required"'),
        (
            ('secret_file = "shop.secret"', f'{STRICT}id_token_signed_response_alg = "RS256"'),
            "id_token_signed_response_alg: write one of ES256",
        ),
        (('name = "Example Shop"', 'profile = "saml"'), "profile: write one of oidc, fapi2"),
        (('name = "Example Shop"', 'pkce = "none"'), "pkce: write one of required, optional"),
        (
            ('name = "Example Shop"', 'id_token_signed_response_alg = "none"'),
            "id_token_signed_response_alg: write one of RS256, ES256",
        ),
        (('name = "Example Shop"', 'backchannel_logout_uri = "http://127.0.0.1/x"'), "with allow_private = true"),
        (('name = "Example Shop"', 'scopes = ["admin"]'), "scopes: write one of openid"),
        (('name = "Example Shop"', "redirect_urls = []"), "unknown field `redirect_urls`"),
        (('name = "Example Shop"', "name = 3"), "Expected `str`, got `int`"),
        (("[[client]]", "[[client]"), "is no TOML"),
    ],
)
def test_an_application_that_can_t_be_meant_is_told_with_its_place(
    folder: Path, change: tuple[str, str], told: str
) -> None:
    assert told in problems(folder, CLIENT.replace(*change))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("https://", "http://"), "use https://"),
        (("shop.whsec", "shop.secret"), "is no webhook's secret"),
        (('"shop.whsec"', "[]"), "names one file, or two"),
        (('"shop.whsec"', '["a", "b", "c"]'), "names one file, or two"),
        (('secret_file = "shop.whsec"', 'secret_file = "shop.whsec"\nevents = ["Phone"]'), "types such as"),
    ],
)
def test_a_webhook_that_can_t_be_meant_is_told(folder: Path, change: tuple[str, str], told: str) -> None:
    assert told in problems(folder, HOOK.replace(*change))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('name = "p"\nhash = "abc"\nscopes = ["events"]', "renumber joins secret --api-key"),
        (f'name = "p"\nhash = "{"0" * 64}"\nscopes = []', "name what it may do"),
        (f'name = "p"\nhash = "{"0" * 64}"\nscopes = ["root"]', "scopes: write one of"),
        (f'name = ""\nhash = "{"0" * 64}"\nscopes = ["events"]', "api_key 1 (unnamed): name"),
    ],
)
def test_an_api_key_that_can_t_be_meant_is_told(folder: Path, row: str, told: str) -> None:
    assert told in problems(folder, f"[[api_key]]\n{row}\n")


def test_all_problems_are_told_at_once_and_nothing_secret_with_them(folder: Path) -> None:
    told = problems(folder, CLIENT.replace("https://shop", "http://shop") + HOOK.replace("https", "ftp"))

    assert "client 1 (shop)" in told
    assert "webhook 1 (unnamed)" in told
    assert SECRET not in told


def test_what_is_there_twice_is_refused(folder: Path) -> None:
    assert "the client shop is there twice" in problems(folder, CLIENT + CLIENT)
    assert "the webhook shop.example is there twice" in problems(folder, HOOK + HOOK)


def key_of(kind: str) -> dict[str, object]:
    """A public key as applications have them."""
    made: dict[str, Callable[[], Any]] = {
        "P-256": lambda: ECKey.generate_key("P-256"),
        "P-521": lambda: ECKey.generate_key("P-521"),
        "Ed25519": lambda: OKPKey.generate_key("Ed25519"),
        "RSA": lambda: RSAKey.generate_key(2048),
    }
    return dict(made[kind]().as_dict(private=False))


SIGNING = CLIENT.replace('secret_file = "shop.secret"', 'jwks_file = "keys.json"')


@pytest.mark.parametrize("kind", ["P-256", "P-521", "Ed25519", "RSA"])
def test_every_usual_kind_of_public_key_is_taken(folder: Path, kind: str) -> None:
    (folder / "keys.json").write_text(json.dumps({"keys": [key_of(kind)]}))

    shop = read_joins(joined(folder, SIGNING)).application("shop")

    assert shop is not None
    assert KeySet.import_key_set(json.loads(shop.jwks)).keys[0].key_type == key_of(kind)["kty"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"crv": "P-192"}, "kty is EC with"),
        ({"kty": "oct"}, "kty is EC with"),
        ({"x": "AAAA"}, "key 1 of"),
        ({"x": None}, "key 1 of"),
        ({"y": 3}, "key 1 of"),
        ({"kty": "RSA", "n": "AQAB", "e": "AQAB"}, "at least 2048 bits"),
        ({"kty": "RSA"}, "it lacks 'n'"),
        ({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}, "key 1 of"),
    ],
)
def test_a_key_that_can_t_be_used_is_told_at_the_start(folder: Path, changes: dict[str, object], told: str) -> None:
    changed = {**key_of("P-256"), **changes}
    (folder / "keys.json").write_text(json.dumps({"keys": [changed]}))

    assert told in problems(folder, SIGNING)


def test_private_keys_are_no_business_of_ours(folder: Path) -> None:
    key = ECKey.generate_key("P-256", {"kid": "1"})
    (folder / "keys.json").write_text(json.dumps({"keys": [key.as_dict(private=True)]}))

    assert "public keys only" in problems(
        folder, CLIENT.replace('secret_file = "shop.secret"', 'jwks_file = "keys.json"')
    )


def test_a_file_that_can_t_be_used_stops_the_start(folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"RENUMBER_JOINS_FILE: client 1 \(shop\)"):
        Settings.from_environment({"RENUMBER_JOINS_FILE": str(joined(folder, CLIENT.replace("https://s", "ftp://s")))})


def test_without_a_file_nothing_has_joined() -> None:
    assert WatchedJoins(None, print).current() is NO_JOINS


def changed(joins: WatchedJoins, path: Path) -> None:
    """Let the change be noticed, however coarse the clock of the files is."""
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 10_000_000))
    until = monotonic() + LOOKED_AT_EVERY
    while monotonic() <= until:
        sleep(0.05)
    joins.current()


def test_a_changed_file_is_read_anew_and_a_broken_one_changes_nothing(folder: Path) -> None:
    told: list[str] = []
    path = joined(folder, CLIENT)
    joins = WatchedJoins(path, told.append)

    joined(folder, CLIENT + HOOK)
    changed(joins, path)
    assert joins.current().webhook("shop.example")
    joined(folder, "[[client]]")
    changed(joins, path)

    assert joins.current().webhook("shop.example")
    assert told == ["joins_read", "joins_not_read"]


def test_a_changed_secret_is_read_anew(folder: Path) -> None:
    joins = WatchedJoins(joined(folder, CLIENT), lambda _: None)

    private(folder / "shop.secret", "b" * 43)
    changed(joins, folder / "shop.secret")

    shop = joins.current().application("shop")
    assert shop is not None
    assert shop.has_secret(sha256(b"b" * 43).digest())
