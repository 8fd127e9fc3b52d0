"""Threat: a stolen database or log, from which codes, links, cookies, numbers or addresses are read (row 14).

Everything that was issued to six people in whole lives is looked for, byte for byte.
"""

import re

from harness.person import PASSWORD
from harness.tables import dump, on_disk
from tests.attacks.full_life import ANOTHER_PASSWORD, Life

TOKEN = re.compile(r"/(?:phone-change/link|freeze|sign-in/new-password)/([A-Za-z0-9_-]{22})\b")
BY_CHANCE = {"codes", "digits of pushes"}
CODE = re.compile(r"^(?:[^\S\n]*(\d{6})\r?$|(\d{6}) is your code)", re.MULTILINE)


def issued(life: Life) -> dict[str, set[str]]:
    """Every secret of the run, by kind."""
    texts = [each.text for each in life.messages]
    cookies = [cookie for visitor in life.visitors for cookie in visitor.given]
    return {
        "codes": {code for text in texts for pair in CODE.findall(text) for code in pair if code},
        "link tokens": {token for text in texts for token in TOKEN.findall(text)},
        "cookie tokens": {cookie.rpartition(".")[2] for cookie in cookies if len(cookie) >= 32},
        "csrf tokens": {page.csrf for visitor in life.visitors for page in visitor.pages if page.csrf},
        "numbers": {written for number in life.numbers for written in (number, number[1:], f"0{number[3:]}")},
        "addresses": {person.email for person in life.people},
        "names": {"Eva <b>", "mallory"},
        "passwords": {PASSWORD, ANOTHER_PASSWORD},
        "recovery codes": {
            spelled for code in life.recovery_codes for spelled in (code, code.replace("-", ""), code.lower())
        },
        "digits of pushes": set(life.digits),
        "secrets of pushes": {secret for secret in life.of_pushes if secret},
        "places": {visitor.ip for visitor in life.visitors},
    }


def found(haystack: bytes, secrets: dict[str, set[str]]) -> dict[str, set[str]]:
    """Which of them stand there."""
    hits = {kind: {each for each in some if _stands(each.encode(), haystack)} for kind, some in secrets.items()}
    return {kind: each for kind, each in hits.items() if each}


def _stands(secret: bytes, haystack: bytes) -> bool:
    """Digits count only if they stand alone: six in a row are found in any long number."""
    if not secret.isdigit():
        return secret in haystack
    return re.search(rb"(?<![0-9a-fA-F])" + secret + rb"(?![0-9a-fA-F])", haystack) is not None


def test_a_run_issues_secrets_of_every_kind(life: Life) -> None:
    kinds = issued(life)

    assert {kind for kind, secrets in kinds.items() if len(secrets) < 2} == set()
    assert len(kinds["codes"]) >= 9
    assert len(kinds["link tokens"]) > 10


def test_no_secret_of_the_run_stands_in_the_database(life: Life) -> None:
    assert found(dump(life.server.url), issued(life)) == {}


def test_no_secret_of_the_run_stands_in_the_files_of_the_database(life: Life) -> None:
    secrets = {kind: some for kind, some in issued(life).items() if kind not in BY_CHANCE}  # by chance, among raw bytes

    assert found(on_disk(life.server.url), secrets) == {}


def test_no_secret_of_the_run_stands_in_the_log(life: Life) -> None:
    log = re.sub(rb'"timestamp":"[^"]*"', b"", life.server.log.encode())  # six digits of a second may be any code's

    assert found(log, issued(life)) == {}


def test_the_search_finds_what_is_there(life: Life) -> None:
    secrets = issued(life)
    one_of_each = {kind: min(some) for kind, some in secrets.items()}

    assert found("|".join(one_of_each.values()).encode(), secrets).keys() == secrets.keys()
