"""Rule A, the way back: nothing done with less proof closes it (SECURITY.md row 41).

Thieves hold one thing each: the password, the mailbox, the owner's session cookie, the phone with the number before, a
"This wasn't me" link. They do whatever that lets them do, in any order, and time passes. Afterwards the owner comes
with the password, the mailbox and the number that was bound before all of it, and with nothing else: no passkey, code
or device, no browser that is known, and no operator; if somebody has renewed the password, with the one from before.
While the account is frozen one of the thieves goes on, every day. The owner is let in, at the latest after the waits
that the pages say.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from renumber.domain.factor import Factor
from renumber.policies.limits import Limits
from tests.flows.machine.owner import comes_back
from tests.flows.machine.way_back import Trouble
from tests.flows.world import World, a_world

THIEVES = ("password", "mailbox", "cookie", "old SIM", "stop link")
FACTORS = (Factor.PASSKEY, Factor.TOTP, Factor.RECOVERY_CODE, Factor.PUSH)
WAITS = (
    *(timedelta(minutes=one) for one in (2, 11, 16, 61)),
    *(timedelta(hours=one) for one in (6, 25, 73)),
    *(timedelta(days=one) for one in (6.5, 8)),
)
serials = count(1)
picks = st.integers(0, 99)


class WayBack(RuleBasedStateMachine):
    """Each rule is one thing that a thief may do at any time."""

    def __init__(self, runner: asyncio.Runner, world: World) -> None:
        super().__init__()
        self.runner, self.world = runner, world
        self.trouble: Trouble

    def run(self, act: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.get_loop().run_until_complete(act)

    @initialize(
        factors=st.frozensets(st.sampled_from(FACTORS)),
        changed=st.sampled_from((None, 0.1, 5, 9)),
        meddler=st.sampled_from(THIEVES),
        pick=picks,
    )
    def begin(self, factors: frozenset[Factor], changed: float | None, meddler: str, pick: int) -> None:
        self.meddler, self.pick = meddler, pick
        self.trouble = self.run(Trouble.begin(self.world, next(serials), factors, changed_for=changed))

    @rule(who=st.sampled_from(THIEVES), pick=picks, times=st.integers(1, 6))
    def a_thief_acts(self, who: str, pick: int, times: int) -> None:
        for turn in range(times):
            self.run(self.trouble.act(who, pick + turn))

    @rule(pick=picks)
    def a_thief_with_the_password_guesses_until_nothing_is_taken(self, pick: int) -> None:
        self.run(self.trouble.guess_all(pick))

    @rule(by=st.sampled_from(WAITS))
    def time_passes(self, by: timedelta) -> None:
        self.trouble.wait(by)

    def teardown(self) -> None:
        if hasattr(self, "trouble"):
            try:
                self.run(comes_back(self.trouble, meddler=self.meddler, pick=self.pick))
            finally:
                note("\n".join(self.trouble.log))


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as opened:
        yield opened


def walk(runner: asyncio.Runner, url: str, limits: Limits, *, examples: int) -> None:
    """Let everybody act, in many orders."""
    opening = a_world(url, limits=limits)
    world = runner.run(opening.__aenter__())
    try:
        run_state_machine_as_test(
            lambda: WayBack(runner, world),  # type: ignore[arg-type]  # a factory is as good as a class
            settings=settings(
                max_examples=examples,
                stateful_step_count=14,
                derandomize=True,
                deadline=None,
                database=None,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        runner.run(opening.__aexit__(None, None, None))


def test_who_holds_password_mailbox_and_number_gets_in_again_whatever_less_proof_has_done(
    runner: asyncio.Runner, sqlite_url: str
) -> None:
    walk(runner, sqlite_url, Limits(), examples=60)


PLANTED = {
    "texts that somebody with less uses up for years": Limits(send_window=timedelta(days=3650)),
    "a number before the change that alone releases for years": Limits(release_for=timedelta(days=3650)),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_the_machine_finds_a_planted_breach(runner: asyncio.Runner, sqlite_url: str, planted: str) -> None:
    with pytest.raises(AssertionError, match="the owner is shut out"):
        walk(runner, sqlite_url, PLANTED[planted], examples=80)
