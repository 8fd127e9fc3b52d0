"""Each verb of a sign-in in each of its states."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.sign_in import SignIn, SignInState
from tests.builders import CHANGE, NOON, a_sign_in, seconds

VERBS: dict[str, Callable[[SignIn], Step[SignIn]]] = {
    "complete_with_factor": lambda sign_in: sign_in.complete_with_factor(Factor.PHONE),
    "choose": lambda sign_in: sign_in.choose(Factor.TOTP),
    "turn_to_number": lambda sign_in: sign_in.turn_to_number(SignInState.AWAITING_MAILBOX),
    "prove_mailbox": SignIn.prove_mailbox,
    "complete_with_number": lambda sign_in: sign_in.complete_with_number(CHANGE),
    "prove_release_mailbox": SignIn.prove_release_mailbox,
    "prove_release_number": SignIn.prove_release_number,
}
ALLOWED = {
    ("complete_with_factor", SignInState.AWAITING_FACTOR): (SignInState.COMPLETE, (Fact.SIGNED_IN,)),
    ("choose", SignInState.AWAITING_FACTOR): (SignInState.AWAITING_FACTOR, (Fact.METHOD_CHOSEN,)),
    ("choose", SignInState.AWAITING_MAILBOX): (SignInState.AWAITING_FACTOR, (Fact.METHOD_CHOSEN,)),
    ("choose", SignInState.AWAITING_NEW_NUMBER): (SignInState.AWAITING_FACTOR, (Fact.METHOD_CHOSEN,)),
    ("turn_to_number", SignInState.AWAITING_FACTOR): (SignInState.AWAITING_MAILBOX, (Fact.METHOD_CHOSEN,)),
    ("prove_mailbox", SignInState.AWAITING_MAILBOX): (SignInState.AWAITING_NEW_NUMBER, (Fact.MAILBOX_PROVEN,)),
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
