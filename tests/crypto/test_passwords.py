"""Slow hashes: what is verified, what is hashed anew, and what happens when too many ask at once."""

import asyncio
import time
from collections.abc import Iterator

import argon2
import bcrypt
import pytest
from argon2.low_level import Type

from renumber.crypto.passwords import WAITING_PER_THREAD, Busy, Passwords
from renumber.flows.ports.services import Verdict

PASSWORD = "vurmix gapolde"
MATCHES = Verdict(matches=True, needs_rehash=False)
MATCHES_ANEW = Verdict(matches=True, needs_rehash=True)
NO_MATCH = Verdict(matches=False, needs_rehash=False)


def passwords_on(threads: int = 2) -> Passwords:
    """Make a cheap one: 64 KiB, one pass."""
    return Passwords(memory=64, time=1, threads=threads)


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = passwords_on()
    yield made
    made.close()


def by_argon2(kind: Type = Type.ID, memory: int = 64) -> str:
    return argon2.PasswordHasher(time_cost=1, memory_cost=memory, parallelism=1, type=kind).hash(PASSWORD)


def by_bcrypt(prefix: str = "2b") -> str:
    return bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode().replace("$2b$", f"${prefix}$")


# Written out (by another program), so that the formats do not follow a mistake of ours.
DJANGO = "pbkdf2_sha256$1000$kochsalz$gWi4YzxXz9zQ7xvczvfwHuuwCpVDNdyBdOh5ZckrRxk="
PASSLIB_256 = "$pbkdf2-sha256$1000$a29jaHNhbHotZmVpbiEhIQ$DTU0.FUepVMnE8KWx0azpyBdB.95jEMrdvfe7JiEmAk"
PASSLIB_512 = (
    "$pbkdf2-sha512$1000$a29jaHNhbHotZmVpbiEhIQ"
    "$2Aoh/YmcKHDr0qj/Nv2ZTdsug.Q8o6qj1TLDRJ31eMiW/aLAPBI27HZK7ZJIFQRN2GuykfqW.JBc1QZWZoxhRw"
)

FOREIGN = {
    "argon2i": by_argon2(Type.I),
    "argon2id, other parameters": by_argon2(memory=128),
    "bcrypt 2a": by_bcrypt("2a"),
    "bcrypt 2b": by_bcrypt("2b"),
    "bcrypt 2y": by_bcrypt("2y"),
    "django's pbkdf2": DJANGO,
    "passlib's pbkdf2, sha256": PASSLIB_256,
    "passlib's pbkdf2, sha512": PASSLIB_512,
}


async def test_a_password_matches_its_own_hash_and_nothing_else_does(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)

    assert stored.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert await passwords.verify(stored, PASSWORD) == MATCHES
    assert await passwords.verify(stored, PASSWORD + " ") == NO_MATCH
    assert await passwords.verify(stored, "") == NO_MATCH


async def test_the_same_password_never_hashes_to_the_same_text(passwords: Passwords) -> None:
    assert await passwords.hash(PASSWORD) != await passwords.hash(PASSWORD)


async def test_the_parameters_are_those_of_owasp_by_default() -> None:
    passwords = Passwords(threads=1)

    assert (await passwords.hash(PASSWORD)).startswith("$argon2id$v=19$m=19456,t=2,p=1$")

    passwords.close()


@pytest.mark.parametrize("stored", FOREIGN.values(), ids=FOREIGN)
async def test_another_systems_hash_is_verified_and_wants_to_be_made_anew(passwords: Passwords, stored: str) -> None:
    assert await passwords.verify(stored, PASSWORD) == MATCHES_ANEW
    assert await passwords.verify(stored, PASSWORD + " ") == NO_MATCH


async def test_a_password_typed_on_another_keyboard_matches(passwords: Passwords) -> None:
    composed, decomposed = "m\u00fcde Igel 7", "mu\u0308de Igel 7"

    assert await passwords.verify(await passwords.hash(decomposed), composed) == MATCHES
    assert await passwords.verify(await passwords.hash(composed), decomposed) == MATCHES


async def test_a_hash_that_another_system_made_of_the_form_as_typed_matches(passwords: Passwords) -> None:
    decomposed = "mu\u0308de Igel 7"
    stored = bcrypt.hashpw(decomposed.encode(), bcrypt.gensalt(4)).decode()

    assert await passwords.verify(stored, decomposed) == MATCHES_ANEW


async def test_bcrypt_looks_at_72_bytes_and_what_follows_is_no_fault(passwords: Passwords) -> None:
    stored = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()

    assert await passwords.verify(stored, "x" * 128) == MATCHES_ANEW
    assert await passwords.verify(stored, "x" * 71) == NO_MATCH


@pytest.mark.parametrize("password", ["\x00", "a\x00b", "\ud800", "🙂" * 128, ""])
async def test_no_entry_is_a_fault(passwords: Passwords, password: str) -> None:
    for stored in (None, await passwords.hash(PASSWORD), *FOREIGN.values()):
        assert await passwords.verify(stored, password) == NO_MATCH
    assert await passwords.verify(await passwords.hash(password), password) == MATCHES


async def test_an_unknown_account_takes_as_long_as_a_known_one() -> None:
    passwords = Passwords(memory=19456, time=2, threads=1)
    stored = await passwords.hash(PASSWORD)

    async def seconds(of: str | None) -> float:
        before = time.process_time()  # of this process, whatever else the machine does
        await passwords.verify(of, "wrong")
        return time.process_time() - before

    rounds = [(await seconds(stored), await seconds(None)) for _ in range(12)]
    known, unknown = (min(column) for column in zip(*rounds, strict=True))
    passwords.close()

    assert 0.6 < unknown / known < 1.6


async def test_a_full_queue_says_when_to_come_back() -> None:
    passwords = passwords_on(threads=1)
    most = 1 + WAITING_PER_THREAD

    results = await asyncio.gather(*(passwords.hash(PASSWORD) for _ in range(most + 5)), return_exceptions=True)
    refused = [result for result in results if isinstance(result, Busy)]

    assert len(refused) == 5
    assert all(busy.retry_after >= 1 for busy in refused)
    assert passwords.waiting == 0
    assert await passwords.hash(PASSWORD)
    passwords.close()


async def test_the_number_that_waits_can_be_read() -> None:
    passwords = passwords_on(threads=1)

    tasks = [asyncio.create_task(passwords.hash(PASSWORD)) for _ in range(10)]
    await asyncio.sleep(0)
    waiting = passwords.waiting
    await asyncio.gather(*tasks)

    assert waiting == 9
    assert passwords.waiting == 0
    passwords.close()


async def test_a_request_that_was_given_up_no_longer_waits() -> None:
    passwords = Passwords(threads=1)
    tasks = [asyncio.create_task(passwords.hash(PASSWORD)) for _ in range(1 + WAITING_PER_THREAD)]
    await asyncio.sleep(0)

    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert passwords.waiting == 0
    assert await passwords.hash(PASSWORD)
    passwords.close()


async def test_the_event_loop_is_free_meanwhile() -> None:
    passwords = Passwords(threads=1)
    turns = 0

    hashing = asyncio.create_task(passwords.hash(PASSWORD))
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1

    assert turns > 3
    passwords.close()
