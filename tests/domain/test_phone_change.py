"""Each verb of a phone change in each of its states."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest

from renumber.domain.challenge import CodePurpose, CodeState
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import AFTER_RESET, OPEN, ChangeState, PhoneChange, enrol_first, request
from tests.builders import A_DAY, ACCOUNT, CHANGE, NEW, NOON, OLD, OTHER, a_challenge, a_change, a_session, seconds

MINUTE = timedelta(minutes=1)
OTHER_ACCOUNT = "0" * 32
LATER = NOON + timedelta(hours=1)
Verb = Callable[[PhoneChange], Step[PhoneChange]]
VERBS: dict[str, Verb] = {
    "replace_link": lambda change: change.replace_link(LATER, link_for=A_DAY, resend_after=MINUTE),
    "press": lambda change: change.press(1, b"key", LATER),
    "enter_number": lambda change: change.enter_number(NEW),
    "complete": lambda change: change.complete(a_challenge(CodeState.PROVEN), LATER),
    "confirm": lambda change: change.confirm(LATER, by=OTHER_ACCOUNT, link_for=A_DAY),
    "decline": lambda change: change.decline(LATER, by=OTHER_ACCOUNT),
    "go_on": lambda change: change.go_on(NOON + 3 * A_DAY, link_for=A_DAY),
    "cancel": lambda change: change.cancel(LATER),
    "expire": lambda change: change.expire(NOON + 3 * A_DAY),
    "stop": lambda change: change.stop(LATER),
}
ALLOWED: dict[tuple[str, ChangeState], tuple[ChangeState, tuple[Fact, ...]]] = {
    ("replace_link", ChangeState.REQUESTED): (ChangeState.REQUESTED, (Fact.CHANGE_LINK_REPLACED,)),
    ("press", ChangeState.REQUESTED): (ChangeState.AWAITING_NEW_NUMBER, ()),
    ("enter_number", ChangeState.AWAITING_NEW_NUMBER): (ChangeState.AWAITING_CODE, (Fact.NEW_NUMBER_ENTERED,)),
    ("enter_number", ChangeState.AWAITING_CODE): (ChangeState.AWAITING_CODE, (Fact.NEW_NUMBER_ENTERED,)),
    ("complete", ChangeState.AWAITING_CODE): (ChangeState.COMPLETED, ()),
    ("confirm", ChangeState.AWAITING_COMPANY): (ChangeState.REQUESTED, (Fact.CHANGE_CONFIRMED,)),
    ("decline", ChangeState.AWAITING_COMPANY): (ChangeState.REFUSED, (Fact.CHANGE_REFUSED,)),
    ("cancel", ChangeState.AWAITING_COMPANY): (ChangeState.CANCELLED, (Fact.CHANGE_CANCELLED,)),
    ("expire", ChangeState.AWAITING_COMPANY): (
        ChangeState.EXPIRED,
        (Fact.CHANGE_EXPIRED, Fact.CHANGE_UNANSWERED),
    ),
    ("cancel", ChangeState.REQUESTED): (ChangeState.CANCELLED, (Fact.CHANGE_CANCELLED,)),
    ("expire", ChangeState.REQUESTED): (ChangeState.EXPIRED, (Fact.CHANGE_EXPIRED,)),
    **{("stop", state): (ChangeState.STOPPED, (Fact.CHANGE_STOPPED,)) for state in OPEN},
}
REFUSED = {
    "confirm": Refusal.NO_OPEN_CHANGE,
    "decline": Refusal.NO_OPEN_CHANGE,
    "go_on": Refusal.NOT_NOW,
    "replace_link": Refusal.NO_OPEN_CHANGE,
    "press": Refusal.LINK_USED,
    "enter_number": Refusal.NOT_NOW,
    "complete": Refusal.NOT_NOW,
    "cancel": Refusal.NO_OPEN_CHANGE,
    "expire": Refusal.NOT_NOW,
    "stop": Refusal.NO_OPEN_CHANGE,
}
PRESSED_TOO_LATE = {
    ChangeState.EXPIRED: Refusal.LINK_EXPIRED,
    ChangeState.CANCELLED: Refusal.LINK_CANCELLED,
    ChangeState.STOPPED: Refusal.LINK_STOPPED,
}


@pytest.mark.parametrize(("verb", "state"), [*product(VERBS, ChangeState)])
def test_a_verb_leads_where_the_table_says_or_changes_nothing(verb: str, state: ChangeState) -> None:
    change = a_change(state)

    step = VERBS[verb](change)

    if (verb, state) in ALLOWED:
        assert (step.state.state, step.facts) == ALLOWED[verb, state]
        assert step.refusal is None
    else:
        late = PRESSED_TOO_LATE.get(state, REFUSED[verb]) if verb == "press" else REFUSED[verb]
        assert step == Step(change, refusal=late)


def test_a_request_remembers_the_evidence_and_changes_nothing_about_the_number() -> None:
    step = request(ACCOUNT, CHANGE, OLD, asking=a_session(), now=NOON, link_for=A_DAY)

    assert step == Step(a_change(), (Fact.CHANGE_REQUESTED,))
    assert not step.state.awaits_number


def test_a_first_enrolment_has_no_link_and_no_old_number() -> None:
    step = enrol_first(ACCOUNT, CHANGE, NOON)

    assert (step.state.state, step.facts) == (ChangeState.AWAITING_NEW_NUMBER, (Fact.ENROLMENT_STARTED,))
    assert (step.state.old_number, step.state.link_expires_at, step.state.reset_key) == (None, None, None)
    assert not step.state.link_is_expired(NOON + 1000 * A_DAY)


def test_only_a_change_after_its_reset_awaits_a_number() -> None:
    assert {state for state in ChangeState if a_change(state).awaits_number} == AFTER_RESET
    assert {state for state in ChangeState if a_change(state).is_open} == OPEN


def test_a_link_works_a_second_before_24_hours_and_not_a_second_after() -> None:
    change = a_change()

    assert change.press(1, b"key", NOON + A_DAY - seconds(1)).refusal is None

    late = change.press(1, b"key", NOON + A_DAY + seconds(1))
    assert late.refusal is Refusal.LINK_EXPIRED
    assert (late.state.state, late.facts) == (ChangeState.EXPIRED, (Fact.CHANGE_EXPIRED,))
    assert change.press(1, b"key", NOON + A_DAY).refusal is Refusal.LINK_EXPIRED


def test_looking_at_a_link_says_what_pressing_it_would_do() -> None:
    for state, generation, at in product(ChangeState, (1, 2), (LATER, NOON + A_DAY)):
        change = a_change(state)

        assert change.examine_link(generation, at) == change.press(generation, b"key", at).refusal


def test_pressing_remembers_the_browser_and_the_moment() -> None:
    pressed = a_change().press(1, b"key", LATER).state

    assert (pressed.reset_key, pressed.reset_at, pressed.old_number) == (b"key", LATER, OLD)


def test_a_newer_link_ends_the_older() -> None:
    change = a_change().replace_link(LATER, link_for=A_DAY, resend_after=MINUTE).state

    assert change.press(1, b"key", LATER).refusal is Refusal.LINK_REPLACED
    assert change.press(2, b"key", LATER).refusal is None
    assert change.link_expires_at == LATER + A_DAY


def test_a_link_is_not_sent_again_before_its_pause_is_over() -> None:
    change = a_change()

    early = change.replace_link(NOON + seconds(59), link_for=A_DAY, resend_after=MINUTE)

    assert early == Step(change, refusal=Refusal.SEND_TOO_SOON, open_at=NOON + MINUTE)
    assert change.replace_link(NOON + MINUTE, link_for=A_DAY, resend_after=MINUTE).refusal is None


def test_an_expired_link_is_not_sent_again() -> None:
    step = a_change().replace_link(NOON + A_DAY, link_for=A_DAY, resend_after=MINUTE)

    assert step.refusal is Refusal.NO_OPEN_CHANGE


def test_a_request_does_not_expire_before_its_link() -> None:
    step = a_change().expire(NOON + A_DAY - seconds(1))

    assert step == Step(a_change(), refusal=Refusal.NOT_NOW)


@pytest.mark.parametrize("state", [CodeState.LIVE, CodeState.SPENT])
def test_a_code_that_was_not_proven_completes_nothing(state: CodeState) -> None:
    change = a_change(ChangeState.AWAITING_CODE)

    assert change.complete(a_challenge(state), LATER) == Step(change, refusal=Refusal.NO_CODE)


@pytest.mark.parametrize(
    "other",
    [
        {"account_id": "b" * 32},
        {"purpose": CodePurpose.SIGN_IN},
        {"purpose": CodePurpose.MAILBOX},
        {"about": "d" * 32},
        {"destination": OTHER.e164},
        {"destination": OLD.e164},
    ],
    ids=str,
)
def test_a_proven_code_of_anything_else_completes_nothing(other: dict[str, object]) -> None:
    change = a_change(ChangeState.AWAITING_CODE)

    step = change.complete(a_challenge(CodeState.PROVEN, **other), LATER)

    assert step == Step(change, refusal=Refusal.NO_CODE)


def test_the_code_of_a_number_that_was_changed_meanwhile_completes_nothing() -> None:
    change = a_change(ChangeState.AWAITING_CODE).enter_number(OTHER).state

    assert change.complete(a_challenge(CodeState.PROVEN), LATER).refusal is Refusal.NO_CODE
