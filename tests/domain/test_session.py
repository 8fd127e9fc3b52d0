"""Each verb of a session, live and ended; how long it lasts and how long it is fresh."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from renumber.domain.factor import Factor, Proven
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Session
from tests.builders import A_DAY, NOON, a_session, seconds

AN_HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
ENDED = a_session(ended_at=NOON)


def test_reauthenticating_renews_the_token_and_the_password_but_not_the_factor_nor_the_end() -> None:
    later = NOON + QUARTER

    step = a_session().reauthenticate(b"new token key", later)

    assert step.facts == (Fact.REAUTHENTICATED,)
    assert step.state == a_session(token_key=b"new token key", authenticated_at=later, reauthenticated_at=later)


def test_who_has_only_signed_in_has_proven_nothing_in_the_session_itself() -> None:
    begun = a_session(reauthenticated_at=None)

    assert begun.is_fresh(NOON, QUARTER)
    assert not begun.is_reauthenticated(NOON, QUARTER)
    assert a_session().is_reauthenticated(NOON + QUARTER - seconds(1), QUARTER)
    assert not a_session().is_reauthenticated(NOON + QUARTER, QUARTER)


@pytest.mark.parametrize("fact", [Fact.SIGNED_OUT, Fact.SESSION_ENDED])
def test_ending_keeps_the_reason(fact: Fact) -> None:
    assert a_session().end(NOON, fact) == Step(ENDED, (fact,))


def test_an_ended_session_refuses_everything() -> None:
    refused = Step(ENDED, refusal=Refusal.SESSION_UNKNOWN)

    assert ENDED.reauthenticate(b"new token key", NOON) == refused
    assert ENDED.end(NOON, Fact.SIGNED_OUT) == refused
    assert not ENDED.is_live(NOON, AN_HOUR)


def test_an_idle_hour_ends_it() -> None:
    assert a_session().is_live(NOON + AN_HOUR - seconds(1), AN_HOUR)
    assert not a_session().is_live(NOON + AN_HOUR, AN_HOUR)


def test_a_day_ends_it_however_busy_it_was() -> None:
    busy = a_session(seen_at=NOON + A_DAY - seconds(1))

    assert busy.is_live(NOON + A_DAY - seconds(1), AN_HOUR)
    assert not busy.is_live(NOON + A_DAY, AN_HOUR)


KEYS = [b"an older key's hash", a_session().token_key]


@pytest.mark.parametrize(
    ("session", "keys", "after", "is_held"),
    [
        (a_session(), KEYS, QUARTER, True),
        (a_session(), KEYS[:1], QUARTER, False),
        (a_session(), [], QUARTER, False),
        (a_session(), KEYS, AN_HOUR, False),
        (a_session(seen_at=NOON + A_DAY), KEYS, A_DAY, False),
        (ENDED, KEYS, QUARTER, False),
    ],
    ids=["live", "another key", "no key", "idle", "past its end", "ended"],
)
def test_a_cookie_holds_it_while_it_is_live_and_the_key_is_its_own(
    session: Session, keys: list[bytes], after: timedelta, *, is_held: bool
) -> None:
    assert session.is_held_by(keys, now=NOON + after, idle_for=AN_HOUR) is is_held


def test_it_is_fresh_for_a_quarter_of_an_hour() -> None:
    assert a_session().is_fresh(NOON + QUARTER - seconds(1), QUARTER)
    assert not a_session().is_fresh(NOON + QUARTER, QUARTER)


def test_its_proof_is_a_copy_of_its_evidence() -> None:
    session = a_session()

    proof = replace(session, authenticated_at=NOON + QUARTER).proof

    assert (proof.session_id, proof.factor) == (session.session_id, session.factor)
    assert (proof.factor_at, proof.authenticated_at) == (NOON, NOON + QUARTER)


@pytest.mark.parametrize("later", ["reauthenticated_at", "factor_at", "authenticated_at"])
def test_a_token_shows_nothing_of_its_session_that_was_proven_after_it_was_given(later: str) -> None:
    session = replace(a_session(authenticated_at=NOON, factor_at=NOON), reauthenticated_at=None)

    changes: dict[str, Any] = {later: NOON + QUARTER}
    shown = replace(session, **changes).as_shown_at(NOON, given_at=NOON)

    assert shown.authenticated_at == NOON
    assert shown.reauthenticated_at is None
    assert (shown.factor is None) is (later == "factor_at")
    assert replace(session, reauthenticated_at=NOON).as_shown_at(NOON, given_at=NOON).reauthenticated_at == NOON


def test_a_step_up_adds_a_factor_under_another_token_and_makes_nothing_fresh() -> None:
    session, later, made_at = a_session(), NOON + QUARTER, NOON - QUARTER

    step = session.step_up(Proven(Factor.TOTP, made_at), b"renewed", later)

    assert step.facts == (Fact.STEPPED_UP,)
    assert (step.state.factor, step.state.factor_at, step.state.factor_made_at) == (Factor.TOTP, later, made_at)
    assert step.state.token_key == b"renewed"
    assert step.state.authenticated_at == session.authenticated_at
    assert step.state.reauthenticated_at == session.reauthenticated_at
    ended = replace(session, ended_at=NOON)
    assert ended.step_up(Proven(Factor.TOTP), b"renewed", later) == Step(ended, refusal=Refusal.SESSION_UNKNOWN)


def test_a_token_that_was_given_after_a_step_up_shows_the_factor_although_the_password_is_older() -> None:
    later = NOON + QUARTER
    session = a_session(authenticated_at=NOON).step_up(Proven(Factor.TOTP), b"renewed", later).state

    assert session.as_shown_at(NOON, given_at=later).factor is Factor.TOTP
    assert session.as_shown_at(NOON, given_at=later - seconds(1)).factor is None
