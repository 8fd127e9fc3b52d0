"""Each verb of a sign-in in each of its states."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Session
from renumber.domain.sign_in import SignIn, SignInState
from tests.builders import CHANGE, NOON, a_session, a_sign_in, seconds

VERBS: dict[str, Callable[[SignIn], Step[SignIn]]] = {
    "complete_with_factor": lambda sign_in: sign_in.complete_with_factor(Factor.PHONE),
    "choose": lambda sign_in: sign_in.choose(Factor.TOTP),
    "turn_to_number": lambda sign_in: sign_in.turn_to_number(SignInState.AWAITING_MAILBOX),
    "prove_mailbox": lambda sign_in: sign_in.prove_mailbox(SignInState.AWAITING_NEW_NUMBER),
    "prove_mailbox_and_wait": lambda sign_in: sign_in.prove_mailbox(SignInState.WAITING),
    "complete_with_number": lambda sign_in: sign_in.complete_with_number(CHANGE),
    "prove_release_mailbox": SignIn.prove_release_mailbox,
    "prove_release_number": SignIn.prove_release_number,
}
ALLOWED = {
    ("complete_with_factor", SignInState.AWAITING_FACTOR): (SignInState.COMPLETE, (Fact.SIGNED_IN,)),
    ("choose", SignInState.AWAITING_FACTOR): (SignInState.AWAITING_FACTOR, (Fact.METHOD_CHOSEN,)),
    ("choose", SignInState.AWAITING_MAILBOX): (SignInState.AWAITING_FACTOR, (Fact.METHOD_CHOSEN,)),
    ("choose", SignInState.AWAITING_NEW_NUMBER): (SignInState.AWAITING_FACTOR, (Fact.METHOD_CHOSEN,)),
    ("choose", SignInState.WAITING): (SignInState.AWAITING_FACTOR, (Fact.METHOD_CHOSEN,)),
    ("turn_to_number", SignInState.AWAITING_FACTOR): (SignInState.AWAITING_MAILBOX, (Fact.METHOD_CHOSEN,)),
    ("prove_mailbox", SignInState.AWAITING_MAILBOX): (SignInState.AWAITING_NEW_NUMBER, (Fact.MAILBOX_PROVEN,)),
    ("prove_mailbox_and_wait", SignInState.AWAITING_MAILBOX): (SignInState.WAITING, (Fact.MAILBOX_PROVEN,)),
    ("complete_with_number", SignInState.AWAITING_NEW_NUMBER): (SignInState.COMPLETE, (Fact.SIGNED_IN,)),
    ("prove_release_mailbox", SignInState.AWAITING_RELEASE_MAILBOX): (
        SignInState.AWAITING_RELEASE_NUMBER,
        (Fact.MAILBOX_PROVEN,),
    ),
    ("prove_release_number", SignInState.AWAITING_RELEASE_NUMBER): (SignInState.ENDED, ()),
}


@pytest.mark.parametrize(("verb", "state"), [*product(VERBS, SignInState)])
def test_a_verb_leads_where_the_table_says_or_changes_nothing(verb: str, state: SignInState) -> None:
    sign_in = a_sign_in(state)

    step = VERBS[verb](sign_in)

    if (verb, state) in ALLOWED:
        assert (step.state.state, step.facts) == ALLOWED[verb, state]
        assert step.refusal is None
    else:
        assert step == Step(sign_in, refusal=Refusal.NOT_NOW)


def test_after_the_mailbox_a_number_on_file_may_be_asked_for() -> None:
    alone = a_sign_in(SignInState.AWAITING_MAILBOX, change_id=None)

    assert alone.prove_mailbox(SignInState.AWAITING_FACTOR).state.awaits(Factor.PHONE)


def test_a_factor_can_be_chosen_through_the_mailbox() -> None:
    chosen = a_sign_in(SignInState.AWAITING_FACTOR).choose(Factor.PHONE, SignInState.AWAITING_MAILBOX)

    assert (chosen.state.state, chosen.state.method) == (SignInState.AWAITING_MAILBOX, Factor.PHONE)


def test_the_number_of_another_change_completes_nothing() -> None:
    sign_in = a_sign_in(SignInState.AWAITING_NEW_NUMBER)

    assert sign_in.complete_with_number("d" * 32) == Step(sign_in, refusal=Refusal.NOT_NOW)
    assert (
        a_sign_in(SignInState.AWAITING_NEW_NUMBER, change_id=None).complete_with_number(CHANGE).refusal
        is Refusal.NOT_NOW
    )


@pytest.mark.parametrize("state", SignInState)
def test_it_is_live_until_it_is_over_or_ran_out(state: SignInState) -> None:
    sign_in = a_sign_in(state)
    goes_on = state not in {SignInState.COMPLETE, SignInState.ENDED}

    assert sign_in.is_live(NOON + timedelta(minutes=30) - seconds(1)) is goes_on
    assert not sign_in.is_live(NOON + timedelta(minutes=30))


def test_no_release_ever_leads_to_a_session() -> None:
    released = a_sign_in(SignInState.AWAITING_RELEASE_MAILBOX).prove_release_mailbox().state.prove_release_number()

    assert released.state.state is SignInState.ENDED
    assert Fact.SIGNED_IN not in released.facts


def test_it_waits_for_its_own_change_and_ends_with_it() -> None:
    assert a_sign_in(SignInState.AWAITING_NEW_NUMBER).waits_for(CHANGE)
    assert not a_sign_in(SignInState.AWAITING_NEW_NUMBER).waits_for("d" * 32)
    assert not a_sign_in(SignInState.AWAITING_NEW_NUMBER).waits_for(None)
    assert a_sign_in(change_id=None).waits_for(None)


KEYS = [b"an older key's hash", a_sign_in().token_key]
LATER = NOON + timedelta(minutes=29)
OTHER_ID = "d" * 32
SESSION = a_session()
ALONE, IN_SESSION = a_sign_in(change_id=None), a_sign_in(change_id=None, session_id=SESSION.session_id)


@pytest.mark.parametrize("state", SignInState)
def test_a_cookie_holds_it_while_it_goes_on(state: SignInState) -> None:
    goes_on = state not in {SignInState.COMPLETE, SignInState.ENDED}
    sign_in = a_sign_in(state)

    assert sign_in.is_held_by(KEYS, now=LATER, open_change_id=CHANGE, session=None) is goes_on
    assert not sign_in.is_held_by(KEYS, now=sign_in.expires_at, open_change_id=CHANGE, session=None)


@pytest.mark.parametrize(("keys", "is_held"), [(KEYS, True), (KEYS[:1], False), ([], False)])
def test_a_cookie_holds_it_only_with_its_own_key(keys: list[bytes], *, is_held: bool) -> None:
    assert ALONE.is_held_by(keys, now=LATER, open_change_id=None, session=None) is is_held


@pytest.mark.parametrize(
    ("sign_in", "open_change_id", "is_held"),
    [
        (a_sign_in(), CHANGE, True),
        (a_sign_in(), OTHER_ID, False),
        (a_sign_in(), None, False),
        (ALONE, CHANGE, True),
        (ALONE, None, True),
    ],
    ids=["its own is open", "another is open", "none is open", "waits for none", "waits for none, none is open"],
)
def test_a_cookie_holds_it_while_the_change_it_waits_for_is_open(
    sign_in: SignIn, open_change_id: str | None, *, is_held: bool
) -> None:
    assert sign_in.is_held_by(KEYS, now=LATER, open_change_id=open_change_id, session=None) is is_held


@pytest.mark.parametrize(
    ("sign_in", "session", "is_held"),
    [
        (IN_SESSION, SESSION, True),
        (IN_SESSION, a_session(seen_at=NOON - timedelta(hours=2)), True),
        (IN_SESSION, a_session(ended_at=NOON), False),
        (IN_SESSION, a_session(expires_at=LATER), False),
        (IN_SESSION, a_session(session_id=OTHER_ID), False),
        (IN_SESSION, None, False),
        (ALONE, None, True),
        (ALONE, a_session(ended_at=NOON), True),
    ],
    ids=["live", "idle", "ended", "past its end", "another one", "purged", "began in none", "not its own ended"],
)
def test_what_began_in_a_session_is_held_no_longer_than_the_session_lasts(
    sign_in: SignIn, session: Session | None, *, is_held: bool
) -> None:
    assert sign_in.is_held_by(KEYS, now=LATER, open_change_id=None, session=session) is is_held


def test_a_step_up_can_do_nothing_but_add_its_factor_to_its_session() -> None:
    step_up = replace(a_sign_in(SignInState.AWAITING_FACTOR, change_id=None), session_id="s" * 32, method=Factor.TOTP)
    to_number = replace(step_up, change_id=CHANGE)

    assert step_up.step_up_with(Factor.TOTP) == Step(replace(step_up, state=SignInState.COMPLETE))
    for refused in (
        step_up.step_up_with(Factor.PHONE),
        step_up.complete_with_factor(Factor.TOTP),
        step_up.choose(Factor.PHONE),
        to_number.step_up_with(Factor.TOTP),
        replace(step_up, session_id=None).step_up_with(Factor.TOTP),
        step_up.step_up_with(Factor.TOTP).state.step_up_with(Factor.TOTP),
    ):
        assert refused.refusal is Refusal.NOT_NOW
