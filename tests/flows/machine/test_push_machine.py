"""*Sent* is never *approved*: whatever anybody does in whatever order, a session by push has its signed answer.

The test keeps a book of its own of what was really answered: which prompt, by the right key, with the digits that the
page of that very sign-in showed, in time. Whoever is let in by push must stand in it, once.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from renumber.domain.factor import Factor
from renumber.domain.push.prompt import Decision, Prompt, PromptState
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.release import release_by_operator
from renumber.flows.push.answer import ask_again, digits_for, finish_push
from renumber.flows.sign_in.method import choose_method
from tests.flows.person import Browser, Person, a_person
from tests.flows.push.phone import Phone, add_phone
from tests.flows.sign_in_step import SignInStep
from tests.flows.world import World, a_world

BROWSERS, OWN = 3, 2
serials = count(1)
decisions = st.sampled_from(Decision)
which = st.integers(0, 2)
FACTORS = st.sampled_from([Factor.PUSH, Factor.PUSH, Factor.PHONE, Factor.TOTP])


@dataclass
class Book:
    """What a person really said yes to: sign-in by sign-in, until it was used."""

    approved: set[str] = field(default_factory=set)
    let_in: int = 0


class PushMachine(RuleBasedStateMachine):
    """Three browsers with the password, two phones of the account, and a stranger's phone."""

    template: Path
    asked = 0
    approvals = 0
    let_in = 0

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.folder = TemporaryDirectory()

    def run(self, act: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(act)

    @initialize()
    def open(self) -> None:
        self.run(self._open())

    async def _open(self) -> None:
        path = Path(self.folder.name) / "renumber.db"
        copyfile(self.template, path)
        self.world: World = await self.stack.enter_async_context(a_world(f"sqlite:///{path}"))
        self.erika: Person = await a_person(self.world)
        stranger = await a_person(self.world, "otto@example.com")
        self.phones: list[Phone] = [await add_phone(self.erika), await add_phone(self.erika), await add_phone(stranger)]
        self.browsers = [Browser(self.world) for _ in range(BROWSERS)]
        self.seen: list[Prompt] = []
        self.book = Book()
        self.world.clock.move(minutes=6)

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()
        self.folder.cleanup()

    @rule(at=which)
    def give_password(self, at: int) -> None:
        self.run(self.browsers[at].give_password(self.erika.email))
        self.run(self._look())

    @rule(at=which)
    def ask_again(self, at: int) -> None:
        ticket = self.browsers[at].sign_in
        if ticket:
            self.run(ask_again(self.world.services, self.browsers[at].client, ticket))
            self.run(self._look())

    @rule(at=which, factor=FACTORS)
    def choose(self, at: int, factor: Factor) -> None:
        ticket = self.browsers[at].sign_in
        if ticket:
            self.run(choose_method(self.world.services, self.browsers[at].client, ticket, factor=factor))
            self.run(self._look())

    async def _look(self) -> None:
        """Every prompt that was ever asked stays at hand, to be answered late or twice."""
        known = {prompt.prompt_id for prompt in self.seen}
        now = self.world.clock.time
        of_any_device = now + timedelta(seconds=1)
        pending = await self.world.reads.pending_prompts(self.erika.account_id, of_any_device, now)
        self.seen += [prompt for prompt in pending if prompt.prompt_id not in known]
        PushMachine.asked += len(pending)

    @rule(by=which, back=st.integers(0, 3), decision=decisions, right=st.booleans(), forged=st.booleans())
    def answer(self, by: int, back: int, decision: Decision, right: bool, forged: bool) -> None:  # noqa: FBT001 -- drawn
        if len(self.seen) > back:
            self.run(self._answer(self.phones[by], self.seen[-1 - back], decision, right=right, forged=forged))

    @rule(by=which)
    def say_yes(self, by: int) -> None:
        if self.seen:
            self.run(self._answer(self.phones[by], self.seen[-1], Decision.APPROVE, right=True, forged=False))

    @rule(at=which, by=st.integers(0, OWN - 1), mine=st.booleans())
    def sign_in_as_meant(self, at: int, by: int, mine: bool) -> None:  # noqa: FBT001 -- drawn
        """The good way, or with a stranger who finishes in the owner's place."""
        self.give_password(at)
        self.say_yes(by)
        self.finish(at if mine else (at + 1) % BROWSERS)

    async def _answer(self, phone: Phone, prompt: Prompt, decision: Decision, *, right: bool, forged: bool) -> None:
        digits = digits_for(self.world.services, prompt)
        typed = digits if right else f"{(int(digits) + 1) % 10**6:06}"
        given = phone.answer_to(prompt, decision, typed)
        if forged:
            given = replace(given, decision=Decision.APPROVE, digits=digits)
        before = await self._stored(prompt)
        answered = await phone.give(given)
        if answered.state and answered.state.state is PromptState.APPROVED:
            self._judge(phone, prompt, before, honest=decision is Decision.APPROVE and right)
            self.book.approved.add(prompt.sign_in_id)
            PushMachine.approvals += 1

    def _judge(self, phone: Phone, prompt: Prompt, before: PromptState, *, honest: bool) -> None:
        assert honest, "an approval that nobody signed, or with other digits"
        assert phone in self.phones[:OWN], "another account's device approved"
        assert before is PromptState.PENDING, "a prompt was answered twice"
        assert self.world.clock.time < prompt.expires_at, "a prompt was answered too late"

    async def _stored(self, prompt: Prompt) -> PromptState:
        async with self.world.services.store.work(self.erika.account_id) as work:
            found = await work.load(Prompt, prompt.prompt_id)
        assert found
        return found.state

    @rule(at=which)
    def finish(self, at: int) -> None:
        self.run(self._finish(self.browsers[at]))

    async def _finish(self, browser: Browser) -> None:
        ticket = browser.sign_in
        if ticket is None:
            return
        result = SignInStep(await finish_push(self.world.services, browser.client, ticket))
        if result.signed_in:
            assert ticket.id in self.book.approved, "somebody was let in whom no device approved"
            self.book.approved.discard(ticket.id)
            self.book.let_in += 1
            PushMachine.let_in += 1
        else:
            assert result.refusal

    @rule(seconds=st.sampled_from([1, 1, 30, 89, 301, 601]))
    def wait(self, seconds: int) -> None:
        self.world.clock.move(seconds=seconds)

    @rule(at=st.integers(0, 1))
    def deliver_and_lose_the_subscription(self, at: int) -> None:
        self.run(self.phones[at].subscribe())
        self.run(self.world.deliver())

    @rule()
    def freeze_and_release(self) -> None:
        self.run(self._freeze_and_release())

    async def _freeze_and_release(self) -> None:
        place = (self.world.services, self.erika.browser.client, self.erika.account_id)
        await freeze_by_operator(*place, "a call")
        await release_by_operator(*place, "a call")
        self.book.approved.clear()  # its sign-ins ended

    @rule()
    def no_session_by_push_without_its_answer(self) -> None:
        sessions = self.run(self.world.reads.sessions(self.erika.account_id, 100))
        assert sum(session.factor is Factor.PUSH for session in sessions) == self.book.let_in


def test_sent_never_counts_as_approved(sqlite_template: Path) -> None:
    PushMachine.template = sqlite_template
    run_state_machine_as_test(
        PushMachine,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            derandomize=True,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert PushMachine.asked > 100
    assert PushMachine.approvals > 20
    assert PushMachine.let_in > 10
