"""The hashes of other systems: each is verified as that system would, at a bounded cost, or refused with a reason."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import argon2
import pytest
from argon2.low_level import Type, hash_secret

from renumber.crypto.passwords import Passwords
from renumber.crypto.stored_hashes.reading import read_hash
from renumber.crypto.stored_hashes.stored_hash import HashProblem, StoredHash
from renumber.flows.ports.services import Verdict

MATCHES_ANEW = Verdict(matches=True, needs_rehash=True)
NO_MATCH = Verdict(matches=False, needs_rehash=False)

RECORDED = json.loads(Path(__file__).with_name("recorded_hashes.json").read_text(encoding="utf-8"))
KINDS = sorted({row["by"] for row in RECORDED})


def by_argon2(version: int) -> str:
    return hash_secret(b"hashcat", b"saltsaltsalt", 1, 64, 1, 32, Type.I, version).decode()


ARGON2 = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("hashcat")
SALT, DIGEST = ARGON2.split("$")[-2:]
BCRYPT = "$2a$05$LhayLxezLhK1LhWvKxCyLOj0j1u.Kj0jZ0pEmm134uzrQlFvQJLF6"
SHA512 = "$6$52450745$k5ka2p8bFuSmoVT1tzOyyuaREkkKBcCNqoDKzYiJL9RaE8yMnPgh2XzzF0NDrUhgrcLwg78xs1w5pJiypEdFX/"
SIGNER = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=="
FIREBASE = (
    f"$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk={SIGNER}$42xEC+ixf3L2lw==$"
    "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ=="
)
FIREBASE_OF_GOTRUE = (
    "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,"
    "sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLspjnN0/c41v8xZnO1n14J3MjKj1b2g6AUCAlFwMw=="
    "$C0sHCg9ek77hsg==$zKVTMvnWVw5BBOZNUdnsalx4c4c7y/w7IS5p6Ut2+CfEFFlz37J9huyQfov4iizN8dbjvEJlM5tQaJP84+hfTw=="
)
KEYCLOAK_ARGON2 = json.dumps({
    "secretData": {"value": DIGEST + "=", "salt": SALT + "==", "additionalParameters": {}},
    "credentialData": {
        "hashIterations": 1,
        "algorithm": "argon2",
        "additionalParameters": {
            "hashLength": ["32"],
            "memory": ["64"],
            "type": ["id"],
            "version": ["1.3"],
            "parallelism": ["1"],
        },
    },
})  # fmt: skip

# From the tests and documents of their makers, and the examples of hashcat.
PUBLISHED = {
    "ASP.NET Identity 2": ("my password", "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg=="),
    "ASP.NET Identity 3": (
        "my password",
        "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==",
    ),
    "ASP.NET Identity 3, sha1": (
        "my password",
        "AQAAAAAAAAD6AAAAEAhftMyfTJylOlZT+eEotFXd1elee8ih5WsjXaR3PA9M",
    ),
    "ASP.NET Identity 3, sha512": ("my password", "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw"),
    "firebase": ("user1password", FIREBASE),
    "firebase, of GoTrue": (
        "mytestpassword",
        FIREBASE_OF_GOTRUE,
    ),
    "firebase, base64 for URLs": ("user1password", FIREBASE.replace("+", "-").replace("/", "_")),
    "drupal 7": ("hashcat", "$S$C33783772bRXEx1aCsvY.dqgaaSu76XmVlKrW9Qu8IQlvxHlmzLf"),
    "wordpress before 6.8": ("hashcat", "$P$984478476IagS59wHZvyQMArzfx58u."),
    "phpBB": ("hashcat", "$H$984478476IagS59wHZvyQMArzfx58u."),
    "md5-crypt": ("hashcat", "$1$28772684$iEwNOgGugqO9.bIz5sk8k/"),
    "apr1": ("hashcat", "$apr1$71850310$gh9m4xcAn3MGxogwX/ztb."),
    "sha256-crypt": ("hashcat", "$5$rounds=5000$GX7BopJZJxPc/KEK$le16UF8I2Anb.rOrn22AUPWvzUETDGefUmAV8AZkGcD"),
    "sha512-crypt": ("hashcat", SHA512),
    "bcrypt": ("hashcat", BCRYPT),
    "django": ("hashcat", "pbkdf2_sha256$20000$H0dPx8NeajVu$GiC4k5kqbbR9qWBlsRgDywNqC2vd9kqfk7zdorEnNas="),
    "atlassian": ("hashcat", "{PKCS5S2}NzIyNzM0NzY3NTIwNjI3MdDDis7wPxSbSzfFqDGf7u/L00kSEnupbz36XCL0m7wa"),
    "spring's prefix": ("hashcat", "{bcrypt}" + BCRYPT),
    "openldap's prefix": ("hashcat", "{CRYPT}" + SHA512),
    "dovecot's prefix": ("hashcat", "{BLF-CRYPT}" + BCRYPT),
    "nextcloud's prefix": ("hashcat", "3|" + ARGON2),
    "keycloak's argon2": ("hashcat", KEYCLOAK_ARGON2),
    "argon2i of the first version": ("hashcat", by_argon2(16)),
    "argon2i without a version": ("hashcat", by_argon2(16).replace("v=16$", "")),
}

DJANGO = PUBLISHED["django"][1]
UNUSABLE = {
    "nothing": ("", HashProblem.UNKNOWN),
    "clear text": ("vurmix gapolde", HashProblem.UNKNOWN),
    "yescrypt": ("$y$j9T$salt$sJuuz3pE9ePbT5uYhV2iUogUMm39wYIzCpeLZyrUzbC", HashProblem.UNKNOWN),
    "a number": ("4.91512E+11", HashProblem.UNKNOWN),
    "other JSON": ("[" * 8000, HashProblem.UNKNOWN),
    "argon2 cut short": (ARGON2[:40], HashProblem.DAMAGED),
    "argon2 with a digest that is met by chance": (ARGON2.rpartition("$")[0] + "$AAAAAA", HashProblem.DAMAGED),
    "argon2 that takes the memory": (ARGON2.replace("m=64", "m=4194304"), HashProblem.TOO_COSTLY),
    "argon2 that takes minutes": (ARGON2.replace("m=64,t=1", "m=65536,t=4000"), HashProblem.TOO_COSTLY),
    "argon2 that takes threads": (ARGON2.replace("m=64,t=1,p=1", "m=999999,t=1,p=9999"), HashProblem.DAMAGED),
    "argon2 without passes": (ARGON2.replace("t=1", "t=0"), HashProblem.DAMAGED),
    "bcrypt that takes hours": (BCRYPT.replace("$05$", "$31$"), HashProblem.TOO_COSTLY),
    "bcrypt with a cost that is none": (BCRYPT.replace("$05$", "$99$"), HashProblem.DAMAGED),
    "bcrypt cut short": (BCRYPT[:-1], HashProblem.DAMAGED),
    "pbkdf2 that takes minutes": (DJANGO.replace("20000", "99999999"), HashProblem.TOO_COSTLY),
    "pbkdf2 of many blocks": ("pbkdf2:sha1:1000000$salt$" + "ab" * 4000, HashProblem.TOO_COSTLY),
    "pbkdf2 without rounds": (DJANGO.replace("20000", "0"), HashProblem.DAMAGED),
    "pbkdf2 with another digest": (DJANGO.replace("sha256", "md5"), HashProblem.DAMAGED),
    "passlib's with a salt that is no base64": (f"$pbkdf2-sha256$10$abcde${'A' * 43}", HashProblem.DAMAGED),
    "ASP.NET's with endless rounds": ("AQAAAAF/////AAAAEAABAgMEBQYHCAkKCwwNDg" + "A" * 44, HashProblem.TOO_COSTLY),
    "ASP.NET's of another version": ("AgAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg" + "A" * 44, HashProblem.UNKNOWN),
    "scrypt that takes the memory": ("scrypt:16777216:8:1$salt$" + "ab" * 64, HashProblem.TOO_COSTLY),
    "scrypt that takes minutes": ("scrypt:32768:8:999$salt$" + "ab" * 64, HashProblem.TOO_COSTLY),
    "scrypt of no power of two": ("scrypt:32767:8:1$salt$" + "ab" * 64, HashProblem.DAMAGED),
    "scrypt in crypt(3) without end": ("$7$z....../....salt$" + "a" * 43, HashProblem.DAMAGED),
    "firebase without end": (FIREBASE.replace("n=14", "n=30"), HashProblem.TOO_COSTLY),
    "firebase without its key": (FIREBASE.replace(SIGNER, ""), HashProblem.DAMAGED),
    "keycloak without its salt": ('{"secretData":"{}","credentialData":"{}"}', HashProblem.DAMAGED),
    "keycloak too deep": ('{"secretData":' + '{"a":' * 900 + "1" + "}" * 901, HashProblem.DAMAGED),
    "keycloak of another algorithm": (KEYCLOAK_ARGON2.replace('"argon2"', '"rot13"'), HashProblem.DAMAGED),
    "keycloak that takes minutes": (KEYCLOAK_ARGON2.replace('s": 1', 's": 999999999'), HashProblem.TOO_COSTLY),
    "sha-crypt that takes minutes": (SHA512.replace("$6$", "$6$rounds=99999999$"), HashProblem.TOO_COSTLY),
    "sha-crypt with too few rounds": (SHA512.replace("$6$", "$6$rounds=10$"), HashProblem.DAMAGED),
    "phpass that takes minutes": ("$P$S84478476IagS59wHZvyQMArzfx58u.", HashProblem.TOO_COSTLY),
    "phpass beyond its alphabet": ("$P$z84478476IagS59wHZvyQMArzfx58u.", HashProblem.DAMAGED),
    "MD5": ("5f4dcc3b5aa765d61d8327deb882cf99", HashProblem.FAST_DIGEST),
    "SHA-256": ("ab" * 32, HashProblem.FAST_DIGEST),
    "django's salted MD5": ("md5$salt$5f4dcc3b5aa765d61d8327deb882cf99", HashProblem.FAST_DIGEST),
    "LDAP's salted SHA-1": ("{SSHA}aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ=", HashProblem.FAST_DIGEST),
    "MediaWiki's MD5": (":B:1234:5f4dcc3b5aa765d61d8327deb882cf99", HashProblem.FAST_DIGEST),
    "MySQL's": ("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19", HashProblem.FAST_DIGEST),
}  # fmt: skip


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords(memory=72, time=1, threads=1)
    yield made
    made.close()


@pytest.mark.parametrize("by", KINDS)
async def test_what_another_systems_own_code_made_is_verified_and_made_anew(passwords: Passwords, by: str) -> None:
    rows = [row for row in RECORDED if row["by"] == by]

    assert len(rows) >= 3
    for row in rows:
        assert await passwords.verify(row["stored"], row["password"]) == MATCHES_ANEW, row["stored"]
        assert await passwords.verify(row["stored"], "!" + row["password"]) == NO_MATCH, row["stored"]


@pytest.mark.parametrize(("password", "stored"), PUBLISHED.values(), ids=PUBLISHED)
async def test_what_was_published_is_verified(passwords: Passwords, password: str, stored: str) -> None:
    assert await passwords.verify(stored, password) == MATCHES_ANEW
    assert await passwords.verify(stored, password.upper()) == NO_MATCH


@pytest.mark.parametrize(("stored", "problem"), UNUSABLE.values(), ids=UNUSABLE)
async def test_what_is_damaged_or_costs_too_much_is_refused_at_once(
    passwords: Passwords, stored: str, problem: HashProblem
) -> None:
    begun = time.process_time()

    assert read_hash(stored) is problem
    assert time.process_time() - begun < 0.1
    assert await passwords.verify(stored, "hashcat") == NO_MATCH


def test_the_dearest_hash_that_the_settings_allow_can_be_verified() -> None:
    passwords = Passwords(memory=1 << 20, time=20, threads=1)
    own = ARGON2.replace("m=64,t=1", f"m={1 << 20},t=20")

    assert isinstance(passwords._read(own), StoredHash)
    assert read_hash(own) is HashProblem.TOO_COSTLY

    passwords.close()


async def test_every_form_of_the_same_entry_is_tried_against_what_another_system_hashed(passwords: Passwords) -> None:
    stored = next(row for row in RECORDED if row["by"] == "django pbkdf2_sha256" and "Müßig" in row["password"])

    for typed in ("Mu\u0308ßig schla\u0308ft der Igel 7 🦔", "Müßig schläft der Igel 7 🦔"):
        assert await passwords.verify(stored["stored"], typed) == MATCHES_ANEW


async def test_a_space_around_a_password_of_wordpress_counts_for_as_little_as_there(passwords: Passwords) -> None:
    stored = next(row for row in RECORDED if row["by"] == "wordpress 6.8")

    assert await passwords.verify(stored["stored"], f" {stored['password']}\t") == MATCHES_ANEW


@pytest.mark.parametrize("kind", ["md5-crypt", "django", "wordpress before 6.8", "ASP.NET Identity 2"])
async def test_a_wrong_password_for_a_quick_hash_takes_as_long_as_for_an_unknown_account(kind: str) -> None:
    passwords = Passwords(memory=19456, time=2, threads=1)
    passwords.prepare()

    async def seconds(of: str | None) -> float:
        before = time.process_time()
        await passwords.verify(of, "wrong")
        return time.process_time() - before

    rounds = [(await seconds(PUBLISHED[kind][1]), await seconds(None)) for _ in range(5)]
    quick, unknown = (min(column) for column in zip(*rounds, strict=True))
    passwords.close()

    assert quick > 0.9 * unknown


@pytest.mark.parametrize("kind", ["bcrypt", "django", "sha512-crypt", "firebase", "drupal 7", "keycloak's argon2"])
def test_what_a_comparison_is_said_to_cost_is_no_less_than_it_costs(kind: str) -> None:
    read = read_hash(PUBLISHED[kind][1])
    assert isinstance(read, StoredHash)

    def cost() -> float:
        before = time.process_time()
        read.matches(b"wrong")
        return time.process_time() - before

    assert min(cost() for _ in range(3)) < 2 * read.seconds + 0.001
