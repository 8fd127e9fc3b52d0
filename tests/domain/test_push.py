"""A prompt: a few tries, one answer, and no way to an approval but the right digits in time."""

from datetime import timedelta

import pytest

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal
from renumber.domain.push.device import DeviceState, Subscription
from renumber.domain.push.prompt import PromptState
from tests.builders import CODE, NOON, WRONG, a_device, a_prompt, seconds

DEVICE = "d" * 32
LAST = NOON + seconds(89)
TOO_LATE = NOON + seconds(90)


def test_the_right_digits_in_time_approve() -> None:
    step = a_prompt().approve(CODE, CODE, DEVICE, now=LAST, checks=3)

    assert (step.state.state, step.refusal, step.facts) == (PromptState.APPROVED, None, (Fact.PUSH_APPROVED,))
    assert (step.state.answered_at, step.state.device_id) == (LAST, DEVICE)


@pytest.mark.parametrize("given", [WRONG, "", CODE[:5], CODE + "0", "٠٤٢٣١٧", "\ud800"])
def test_other_digits_are_counted_and_approve_nothing(given: str) -> None:
    step = a_prompt().approve(given, CODE, DEVICE, now=LAST, checks=3)

    assert (step.state.state, step.refusal, step.tries_left) == (PromptState.PENDING, Refusal.WRONG_DIGITS, 2)
    assert step.state.wrong_digits == 1


def test_the_third_wrong_digits_end_it_and_the_right_ones_come_too_late() -> None:
    prompt = a_prompt(wrong_digits=2)

    last = prompt.approve(WRONG, CODE, DEVICE, now=NOON, checks=3)
    after = last.state.approve(CODE, CODE, DEVICE, now=NOON, checks=3)

    assert (last.state.state, last.tries_left, last.state.was_guessed_at) == (PromptState.DENIED, 0, True)
    assert (after.state, after.refusal) == (last.state, Refusal.PROMPT_ANSWERED)


def test_a_denial_is_the_end_and_was_no_guess() -> None:
    step = a_prompt().deny(DEVICE, LAST)

    assert (step.state.state, step.refusal, step.facts) == (PromptState.DENIED, None, (Fact.PUSH_DENIED,))
    assert not step.state.was_guessed_at
    assert step.state.approve(CODE, CODE, DEVICE, now=LAST, checks=3).refusal is Refusal.PROMPT_ANSWERED


def test_after_its_time_it_takes_no_answer_although_nobody_has_noted_that() -> None:
    prompt = a_prompt()

    assert prompt.state_at(LAST) is PromptState.PENDING
    assert prompt.state_at(TOO_LATE) is PromptState.EXPIRED
    assert prompt.approve(CODE, CODE, DEVICE, now=TOO_LATE, checks=3).refusal is Refusal.PROMPT_EXPIRED
    assert prompt.deny(DEVICE, TOO_LATE).refusal is Refusal.PROMPT_EXPIRED


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (PromptState.APPROVED, Refusal.PROMPT_ANSWERED),
        (PromptState.DENIED, Refusal.PROMPT_ANSWERED),
        (PromptState.EXPIRED, Refusal.PROMPT_EXPIRED),
        (PromptState.REPLACED, Refusal.PROMPT_REPLACED),
    ],
)
def test_what_has_ended_takes_no_answer(state: PromptState, refusal: Refusal) -> None:
    prompt = a_prompt(state)

    approved, denied = prompt.approve(CODE, CODE, DEVICE, now=NOON, checks=3), prompt.deny(DEVICE, NOON)

    assert (approved.state, approved.refusal) == (denied.state, denied.refusal) == (prompt, refusal)


def test_a_newer_one_takes_its_place() -> None:
    assert a_prompt().replace_by_newer(LAST).state is PromptState.REPLACED
    assert a_prompt().replace_by_newer(TOO_LATE).state is PromptState.EXPIRED


def test_an_approval_lets_in_for_its_time_and_nothing_else_ever_does() -> None:
    ten = timedelta(minutes=10)

    assert a_prompt(PromptState.APPROVED).approves_at(NOON + ten - seconds(1), ten)
    assert not a_prompt(PromptState.APPROVED).approves_at(NOON + ten, ten)
    for state in set(PromptState) - {PromptState.APPROVED}:
        assert not a_prompt(state).approves_at(NOON, ten)


def test_digits_and_challenge_are_of_this_prompt_alone() -> None:
    bindings = [
        derived.binding
        for prompt in (
            a_prompt(),
            a_prompt(prompt_id="8" * 32),
            a_prompt(sign_in_id="2" * 32),
            a_prompt(account_id="b" * 32),
        )
        for derived in (prompt.digits, prompt.challenge)
    ]

    assert len(set(bindings)) == 8


@pytest.mark.parametrize("state", DeviceState)
def test_a_device_counts_only_once_it_was_confirmed(state: DeviceState) -> None:
    assert a_device(state).is_live == (state is DeviceState.CONFIRMED)


def test_a_device_that_is_confirmed_was_never_there_before() -> None:
    confirmed = a_device(DeviceState.WAITING).confirm(NOON + seconds(599))

    assert confirmed.refusal is None
    assert confirmed.state == a_device(confirmed_at=NOON + seconds(599), made_at=NOON + seconds(599))


@pytest.mark.parametrize(
    ("state", "late"), [(DeviceState.WAITING, 600), (DeviceState.CONFIRMED, 1), (DeviceState.REMOVED, 1)]
)
def test_a_device_is_confirmed_once_and_in_its_time(state: DeviceState, late: int) -> None:
    device = a_device(state)

    step = device.confirm(NOON + seconds(late))

    assert (step.state, step.refusal) == (device, Refusal.DEVICE_UNKNOWN)


def test_a_device_that_waits_remembers_that_another_came_with_its_code() -> None:
    scan = a_device(DeviceState.WAITING).contest(NOON + seconds(5)).awaits(NOON + seconds(6))

    assert scan
    assert scan.contested_at == NOON + seconds(5)


def test_a_removed_device_keeps_nothing_that_could_answer_or_be_woken() -> None:
    removed = a_device().remove(NOON)

    assert (removed.public_key, removed.subscription, removed.is_live) == (b"", None, False)


def test_a_push_service_that_knows_a_device_no_more_ends_no_newer_subscription() -> None:
    newer = Subscription("https://push.example/newer", "point", "secret")
    device = a_device(subscription=newer)

    assert device.unsubscribe_from("https://push.example/older") == device
    assert device.unsubscribe_from(newer.endpoint).subscription is None
