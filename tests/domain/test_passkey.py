"""A passkey: its counter grows or stays at zero, its person is verified where no password was given."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal
from renumber.domain.passkey import LONGEST_NAME, CeremonyPurpose, Shown, live, name_of
from renumber.domain.typed.names import is_harmful
from tests.builders import NOON, a_passkey

LATER = NOON + timedelta(hours=1)
counters = st.integers(0, 2**32 - 1)


def shown(sign_count: int = 8, **more: bool) -> Shown:
    return replace(
        Shown(sign_count=sign_count, is_user_verified=True, is_backup_eligible=False, is_backed_up=False), **more
    )


@given(counters, counters)
def test_a_counter_grows_or_stays_at_zero(known: int, seen: int) -> None:
    passkey = a_passkey(sign_count=known)

    step = passkey.use(shown(seen), CeremonyPurpose.CONFIRM, LATER)

    if seen > known or seen == known == 0:
        assert step.state == replace(passkey, sign_count=seen, last_used_at=LATER)
        assert (step.refusal, step.facts) == (None, ())
    else:
        assert step.state == passkey
        assert (step.refusal, step.facts) == (Refusal.PASSKEY_CLONED, (Fact.PASSKEY_CLONED,))


@given(st.lists(counters, max_size=8))
def test_no_count_is_ever_accepted_twice_but_zero(seen: list[int]) -> None:
    passkey, accepted = a_passkey(sign_count=0), []

    for count in seen:
        step = passkey.use(shown(count), CeremonyPurpose.CONFIRM, LATER)
        passkey = step.state
        accepted += [] if step.refusal else [count]

    counting = accepted[len([count for count in accepted if count == 0]) :]
    assert accepted == sorted(accepted)
    assert len(counting) == len(set(counting))


@pytest.mark.parametrize("purpose", CeremonyPurpose)
def test_without_a_password_the_person_is_verified(purpose: CeremonyPurpose) -> None:
    step = a_passkey().use(shown(is_user_verified=False), purpose, LATER)

    alone = purpose in {CeremonyPurpose.SIGN_IN, CeremonyPurpose.REAUTHENTICATE}
    assert step.refusal is (Refusal.PASSKEY_NOT_VERIFIED if alone else None)
    assert (step.state == a_passkey()) is alone


def test_one_that_can_suddenly_be_copied_to_other_devices_is_another_one() -> None:
    step = a_passkey().use(shown(is_backup_eligible=True), CeremonyPurpose.CONFIRM, LATER)

    assert (step.state, step.refusal) == (a_passkey(), Refusal.WRONG_PASSKEY)


def test_it_remembers_whether_there_is_a_copy_of_it() -> None:
    passkey = a_passkey(is_backup_eligible=True)

    step = passkey.use(shown(is_backup_eligible=True, is_backed_up=True), CeremonyPurpose.CONFIRM, LATER)

    assert step.state.is_backed_up


def test_of_a_removed_one_nothing_is_left_and_it_is_neither_used_nor_named() -> None:
    removed = a_passkey().remove(LATER)

    assert (removed.credential_id, removed.public_key, removed.name, removed.transports) == (b"", b"", "", ())
    assert removed.use(shown(), CeremonyPurpose.CONFIRM, LATER).refusal is Refusal.WRONG_PASSKEY
    assert removed.rename("Laptop").refusal is Refusal.PASSKEY_UNKNOWN
    assert live([removed, a_passkey()]) == [a_passkey()]


@given(st.text(max_size=200))
def test_a_name_is_one_line_that_can_be_seen_and_not_too_long(given_name: str) -> None:
    name = name_of(given_name)

    assert name == name.strip()
    assert len(name) <= LONGEST_NAME
    assert not is_harmful(name)
    assert name_of(name) == name


def test_the_same_name_and_none_change_nothing() -> None:
    passkey = a_passkey()

    assert passkey.rename(" ").facts == passkey.rename(passkey.name).facts == ()
    assert passkey.rename("Laptop").state.name == "Laptop"
