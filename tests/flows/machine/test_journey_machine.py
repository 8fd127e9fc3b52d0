"""Owner, thieves and scanners in any order: whatever they do, the rules of PRODUCT.md and SECURITY.md hold."""

import asyncio
import os
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.number_history import Wanted
from renumber.policies.limits import Limits
from tests.flows.machine import factor_acts
from tests.flows.machine.factor_scenarios import FACTOR_SCENARIOS
from tests.flows.machine.machine import Machine
from tests.flows.machine.next_step import STAGES, got_on, reach, renew_password
from tests.flows.machine.scenarios import SCENARIOS, Scenario
from tests.flows.machine.way_in import find_a_way_in
from tests.flows.world import World, a_world

LONG = int(os.environ.get("RENUMBER_JOURNEYS", "0"))  # a longer, random run by hand
SHRINK = "RENUMBER_SHRINK" in os.environ  # a failure tells its story anyway; making it short takes minutes
EVERYBODY = (
    "owner",
    "owner",
    "owner",
    "thief with the password",
    "thief with both",
    "thief with the mailbox",
    "thief with the old phone",
)
READERS = ("owner", "thief with both", "thief with the mailbox", "scanner")
WAITS = (
    *(timedelta(seconds=one) for one in (31, 61, 121, 241)),
    *(timedelta(minutes=one) for one in (9, 11, 11, 16, 31)),
    *(timedelta(hours=one) for one in (1, 6, 23, 25)),
    *(timedelta(days=one) for one in (3, 8)),
)
EVERYTHING_TOLD = Limits(texts_told_per_day=1000)  # what has no room is told in tests/flows/test_told_by_text.py
serials = count(1)
names = st.sampled_from(EVERYBODY)
readers = st.sampled_from(READERS)
picks = st.integers(0, 9)
factors = st.sampled_from([Factor.PHONE, Factor.TOTP])
rarely = st.integers(0, 7).map(lambda roll: roll == 5)


class Journey(RuleBasedStateMachine):
    """Each rule is one thing that somebody may do at any time."""

    def __init__(self, runner: asyncio.Runner, world: World) -> None:
        super().__init__()
        self.runner = runner
        self.machine = self.run(Machine.begin(world, next(serials)))

    def run(self, act: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.get_loop().run_until_complete(act)

    def teardown(self) -> None:
        try:
            if self.machine.is_sound:
                self.run(find_a_way_in(self.machine))
        finally:
            note(
                f"{len(self.machine.log)} acts of example {self.machine.actors.serial}:\n" + "\n".join(self.machine.log)
            )

    def who(self, name: str, pick: int = 0) -> tuple[Any, Any]:
        actor = self.machine.actors.by_name[name]
        return actor, actor.browsers[pick % len(actor.browsers)]

    @initialize(begun=st.sampled_from((*STAGES, *SCENARIOS)), pick=picks)
    def owner_has_begun(self, begun: str | Scenario, pick: int) -> None:
        owner, browser = self.who("owner", pick)
        self.run(
            reach(self.machine, owner, browser, begun)
            if isinstance(begun, str)
            else begun(self.machine, owner, browser)
        )

    @rule(stage=st.sampled_from(STAGES), pick=picks)
    def owner_comes_to(self, stage: str, pick: int) -> None:
        self.run(reach(self.machine, *self.who("owner", pick), stage))

    @rule(name=names, pick=picks, steps=st.integers(2, 9))
    def goes_on(self, name: str, pick: int, steps: int) -> None:
        for _ in range(steps):
            if not self.run(got_on(self.machine, *self.who(name, pick))):
                break

    @rule(scenario=st.sampled_from(SCENARIOS + FACTOR_SCENARIOS), name=names, pick=picks)
    def follows_a_scenario(self, scenario: Scenario, name: str, pick: int) -> None:
        self.run(scenario(self.machine, *self.who(name, pick)))

    @rule(name=names, pick=picks)
    def gives_the_password(self, name: str, pick: int) -> None:
        actor, browser = self.who(name, pick)
        if actor.password:
            self.run(self.machine.give_password(actor, browser))

    @rule(name=names, pick=picks, times=st.integers(1, 4), digit=st.integers(0, 999))
    def guesses_codes(self, name: str, pick: int, times: int, digit: int) -> None:
        for turn in range(times):
            self.run(self.machine.guess(*self.who(name, pick), digit + turn))

    @rule(name=names, pick=picks, which=picks)
    def types_an_old_code(self, name: str, pick: int, which: int) -> None:
        actor, browser = self.who(name, pick)
        codes = [received.code for received in self.machine.actors.readable(actor) if received.code]
        if codes:
            self.run(self.machine.type_code(actor, browser, codes[-1 - which % len(codes)]))

    @rule(name=names, pick=picks)
    def asks_for_the_code_again(self, name: str, pick: int) -> None:
        self.run(self.machine.send_again(*self.who(name, pick)))

    @rule(name=names, pick=picks, which=picks)
    def enters_a_number(self, name: str, pick: int, which: int) -> None:
        actor, browser = self.who(name, pick)
        self.run(self.machine.enter_number(actor, browser, actor.phones[which % len(actor.phones)]))

    @rule(name=names, pick=picks)
    def restores_what_is_suspended(self, name: str, pick: int) -> None:
        self.run(self.machine.restore(*self.who(name, pick)))

    @rule(name=names, pick=picks, really=rarely)
    def adds_an_app(self, name: str, pick: int, *, really: bool) -> None:
        if name == "owner" or really:
            self.run(factor_acts.add_app(self.machine, *self.who(name, pick)))

    @rule(name=names, pick=picks, factor=factors)
    def tries_another_method(self, name: str, pick: int, factor: Factor) -> None:
        self.run(factor_acts.choose(self.machine, *self.who(name, pick), factor))

    @rule(name=names, pick=picks, guesses=st.integers(0, 4))
    def gives_the_code_of_the_app(self, name: str, pick: int, guesses: int) -> None:
        for _ in range(guesses):
            self.run(factor_acts.give_app_code(self.machine, *self.who(name, pick), wrong=True))
        self.run(factor_acts.give_app_code(self.machine, *self.who(name, pick)))

    @rule(name=names, pick=picks)
    def goes_from_the_session_to_the_number(self, name: str, pick: int) -> None:
        self.run(factor_acts.number_in_session(self.machine, *self.who(name, pick)))

    @rule(name=names, pick=picks, factor=factors, really=rarely)
    def reports_it_lost(self, name: str, pick: int, factor: Factor, *, really: bool) -> None:
        if really:
            self.run(factor_acts.report_lost(self.machine, *self.who(name, pick), factor))

    @rule(name=names, pick=picks, factor=factors)
    def restores_what_is_lost(self, name: str, pick: int, factor: Factor) -> None:
        self.run(factor_acts.trust_again(self.machine, *self.who(name, pick), factor))

    @rule(name=names, pick=picks, verb=st.sampled_from(["ask", "ask again", "cancel", "sign out", "end others"]))
    def uses_the_session(self, name: str, pick: int, verb: str) -> None:
        self.run(self.machine.in_session(*self.who(name, pick), verb))

    @rule(pick=picks)
    def owner_sends_the_link_again(self, pick: int) -> None:
        owner, browser = self.who("owner", pick)
        self.run(reach(self.machine, owner, browser, "asked"))
        self.machine.wait(timedelta(seconds=61))
        self.run(self.machine.in_session(owner, browser, "ask again"))

    @rule(name=readers, pick=picks, which=picks)
    def presses_a_link(self, name: str, pick: int, which: int) -> None:
        actor, browser = self.who(name, pick)
        for token in self.tokens(name, Notice.CHANGE_REQUESTED, which):
            self.run(self.machine.press(actor, browser, token))

    def tokens(self, name: str, notice: Notice, which: int) -> list[str]:
        """The newest link of this kind that they can read, or the one before, or any."""
        messages = [one for one in self.machine.actors.readable(self.who(name)[0]) if one.notice is notice][::-1]
        return [messages[max(0, which - 4) % len(messages)].action] if messages else []

    @rule(name=st.sampled_from([*READERS, "thief with the old phone"]), which=picks, really=rarely)
    def says_it_was_not_me(self, name: str, which: int, *, really: bool) -> None:
        actor, browser = self.who(name)
        stops = [received.stop for received in self.machine.actors.readable(actor) if received.stop]
        if stops and really:
            self.run(self.machine.stop(actor, browser, stops[-1 - which % len(stops)]))

    @precondition(lambda self: self.machine.seen.account.is_frozen)
    @rule(wanted=st.sampled_from(Wanted))
    def operator_releases(self, wanted: Wanted) -> None:
        self.run(self.machine.operator("operator release", wanted))

    @rule(really=rarely)
    def operator_freezes(self, *, really: bool) -> None:
        if really:
            self.run(self.machine.operator("operator freeze"))

    @rule(name=st.sampled_from(READERS[:-1]), pick=picks, really=rarely)
    def renews_the_password(self, name: str, pick: int, *, really: bool) -> None:
        if really:
            self.run(renew_password(self.machine, *self.who(name, pick)))

    @rule(name=st.sampled_from(READERS[:-1]), which=picks)
    def uses_an_old_password_link(self, name: str, which: int) -> None:
        actor, browser = self.who(name)
        for token in self.tokens(name, Notice.PASSWORD_LINK, which):
            self.run(self.machine.choose_password(actor, browser, token))

    @rule(by=st.sampled_from(WAITS))
    def time_passes(self, by: timedelta) -> None:
        self.machine.wait(by)

    @rule()
    def house_is_kept(self) -> None:
        self.run(self.machine.keep_house())


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[tuple[asyncio.Runner, World]]:
    """One installation for all examples, each with an account of its own."""
    with asyncio.Runner() as runner:
        opening = a_world(sqlite_url, limits=EVERYTHING_TOLD)
        yield runner, runner.run(opening.__aenter__())
        runner.run(opening.__aexit__(None, None, None))


def test_no_journey_of_owner_thieves_and_scanners_breaks_a_rule(opened: tuple[asyncio.Runner, World]) -> None:
    run_state_machine_as_test(
        lambda: Journey(*opened),  # type: ignore[arg-type]  # a factory is as good as a class
        settings=settings(
            max_examples=LONG or 100,
            stateful_step_count=40,
            derandomize=not LONG,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink) if SHRINK else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
