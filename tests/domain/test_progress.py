"""The PROGRESS tables: closed, reachable, and kept by an assertion that nobody catches."""

from enum import StrEnum
from itertools import product
from types import ModuleType
from typing import Any

import pytest

from renumber.domain import challenge, phone_change, sign_in
from renumber.domain.push import device, prompt
from renumber.domain.support import caller_check, recovery_case
from tests.builders import a_case, a_challenge, a_change, a_check, a_device, a_prompt, a_sign_in

TABLES = [
    (phone_change, phone_change.ChangeState, a_change),
    (sign_in, sign_in.SignInState, a_sign_in),
    (challenge, challenge.CodeState, a_challenge),
    (prompt, prompt.PromptState, a_prompt),
    (device, device.DeviceState, a_device),
    (recovery_case, recovery_case.CaseState, a_case),
    (caller_check, caller_check.CheckState, a_check),
]
STARTS: dict[ModuleType, set[StrEnum]] = {
    phone_change: {
        phone_change.ChangeState.AWAITING_COMPANY,
        phone_change.ChangeState.REQUESTED,
        phone_change.ChangeState.AWAITING_NEW_NUMBER,
    },
    challenge: {challenge.CodeState.LIVE},
    prompt: {prompt.PromptState.PENDING},
    recovery_case: {recovery_case.CaseState.COLLECTING},
    caller_check: {caller_check.CheckState.ASKED},
    device: {device.DeviceState.WAITING},
    sign_in: {
        sign_in.SignInState.AWAITING_FACTOR,
        sign_in.SignInState.AWAITING_MAILBOX,
        sign_in.SignInState.AWAITING_NEW_NUMBER,
        sign_in.SignInState.AWAITING_RELEASE_MAILBOX,
    },
}


@pytest.mark.parametrize(("module", "states", "build"), TABLES)
def test_a_table_names_every_state(module: Any, states: Any, build: Any) -> None:
    assert set(module.PROGRESS) == set(states)


@pytest.mark.parametrize(("module", "states", "build"), TABLES)
def test_every_state_can_be_reached_and_left_or_is_an_end(module: Any, states: Any, build: Any) -> None:
    reached = set(STARTS[module])
    while more := {onward for state in reached for onward in module.PROGRESS[state]} - reached:
        reached |= more

    assert reached == set(states)


@pytest.mark.parametrize(("module", "states", "build"), TABLES)
def test_a_step_that_the_table_does_not_know_is_a_bug(module: Any, states: Any, build: Any) -> None:
    for before, after in product(states, states):
        if after in module.PROGRESS[before]:
            assert build(before)._become(after).state is after
        else:
            with pytest.raises(AssertionError, match="never becomes"):
                build(before)._become(after)
