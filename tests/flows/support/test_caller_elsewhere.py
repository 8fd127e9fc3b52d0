"""What a caller proves counts for the call: for no sign-in, step-up, change or release, and theirs never for a call."""

import ast
from dataclasses import replace
from itertools import combinations

import pytest

from renumber.domain.challenge import CodeIntent, CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.push.prompt import PromptPurpose
from renumber.domain.sign_in import SignInState
from renumber.domain.support.case_evidence import EvidenceKind
from renumber.domain.support.recovery_case import RecoveryCase
from renumber.domain.support.staff import Role
from renumber.flows.support.cases import add_evidence, open_case
from renumber.policies.support.caller import CallerStand
from tests.builders import a_challenge, a_prompt
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.person import Browser, Person, a_person
from tests.flows.push.phone import add_phone
from tests.flows.push.prompts import finish
from tests.flows.support.callers import Caller, a_caller, stand_of
from tests.flows.support.staff import Colleague, a_colleague
from tests.flows.world import World
from tests.shape.source import SOURCES

# Nobody else names these, so that nobody else can take what was made for a call.
OF_CALLS = {
    "CodePurpose.CALLER": {"flows/support/caller/prove.py", "policies/notices.py"},
    "PromptPurpose.CALL": {
        "domain/push/prompt.py",
        "flows/push/answer.py",
        "flows/support/caller/prompt.py",
        "web/api/device.py",
    },
    "LinkPurpose.CALLER": {"flows/support/caller/ask.py", "flows/support/caller/opening.py"},
    "Fact.CALLER_PROVEN": {
        "domain/support/caller_check.py",
        "policies/notices.py",
        "policies/events/types.py",
    },
}


@pytest.fixture
async def erika(world: World) -> Person:
    return await a_person(world)


@pytest.fixture
async def agent(world: World) -> Colleague:
    return await a_colleague(world, Role.AGENT)


async def proven_by_text(agent: Colleague, erika: Person) -> Caller:
    caller = await a_caller(agent, erika)
    await caller.choose(Factor.PHONE)
    assert (await caller.answer((await erika.texts(Notice.CALLER_CODE))[-1].code)).refusal is None
    return caller


@pytest.mark.parametrize("name", OF_CALLS)
def test_what_is_made_for_a_call_is_named_nowhere_else(name: str) -> None:
    kind, _, member = name.partition(".")
    naming = {
        source.name.removeprefix("src/renumber/")
        for source in SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == member
        if isinstance(node.value, ast.Name) and node.value.id == kind
    }

    assert naming == OF_CALLS[name]


def test_no_two_purposes_share_a_code_nor_two_kinds_of_prompts_their_digits() -> None:
    codes = [a_challenge(purpose=purpose).derived.binding for purpose in CodePurpose]
    prompts = [a_prompt(purpose=purpose) for purpose in PromptPurpose]

    assert all(one != other for one, other in combinations(codes, 2))
    assert len({prompt.digits.binding for prompt in prompts} | {prompt.challenge.binding for prompt in prompts}) == 4


@pytest.mark.parametrize("purpose", sorted(set(CodePurpose) - {CodePurpose.CALLER}))
def test_a_code_for_a_call_is_one_for_nothing_else(purpose: CodePurpose) -> None:
    code = a_challenge(purpose=CodePurpose.CALLER)
    wanted = CodeIntent(purpose=purpose, sign_in_id=code.sign_in_id, about=code.about, destination=code.destination)

    assert not code.is_for(wanted)
    assert wanted.slot != code.slot


async def test_codes_of_a_sign_in_and_of_a_call_are_wrong_at_each_other_s_page(
    world: World, erika: Person, agent: Colleague
) -> None:
    browser = Browser(world)
    await browser.give_password(erika.email)
    caller = await a_caller(agent, erika)
    await caller.choose(Factor.PHONE)
    of_sign_in = await erika.code(CodePurpose.SIGN_IN)
    of_call = await erika.code(CodePurpose.CALLER)

    assert (await caller.answer(of_sign_in)).refusal is Refusal.CALLER_NOT_PROVEN
    assert (await browser.type_code(of_call)).refusal is Refusal.WRONG_CODE
    assert (await caller.answer(of_call)).refusal is None
    assert await browser.state() is SignInState.AWAITING_FACTOR


async def test_approving_a_call_signs_nobody_in_and_approving_a_sign_in_proves_no_caller(
    world: World, erika: Person, agent: Colleague
) -> None:
    phone = await add_phone(erika)
    browser = Browser(world)
    world.clock.move(seconds=31)
    await browser.give_password(erika.email)
    caller = await a_caller(agent, erika)
    await caller.choose(Factor.PUSH)
    prompts = {prompt.purpose: prompt for prompt in await phone.prompts()}

    await phone.answer(prompt=prompts[PromptPurpose.SIGN_IN])
    assert await stand_of(world, erika) is CallerStand.OPENED
    assert (await finish(browser)).signed_in

    again = Browser(world)
    await again.give_password(erika.email)
    await phone.answer(prompt=prompts[PromptPurpose.CALL])
    assert await stand_of(world, erika) is CallerStand.PROVEN
    assert (await finish(again)).refusal is Refusal.PROMPT_NOT_APPROVED


async def test_a_code_of_the_app_that_proved_a_caller_signs_nobody_in(
    world: World, erika: Person, agent: Colleague
) -> None:
    key = await add_app(erika)
    caller = await a_caller(agent, erika)
    await caller.choose(Factor.TOTP)
    assert (await caller.answer(shown(world, key))).refusal is None
    browser = Browser(world)
    await browser.give_password(erika.email)

    assert (await give_code(browser, shown(world, key))).refusal is Refusal.CODE_USED


async def test_a_proof_leaves_the_account_as_it_was(world: World, erika: Person, agent: Colleague) -> None:
    await erika.sign_in()
    before, sessions = await world.account(erika.account_id), await world.live_sessions(erika.account_id)

    await proven_by_text(agent, erika)

    after = await world.account(erika.account_id)
    assert replace(after, version=before.version) == before
    assert await world.live_sessions(erika.account_id) == sessions


async def test_a_proof_opens_no_method_that_is_paused(world: World, erika: Person, agent: Colleague) -> None:
    await add_app(erika)
    async with world.services.store.work(erika.account_id) as work:
        work.keep(replace(work.account, suspended=frozenset({Factor.TOTP})))

    await proven_by_text(agent, erika)

    assert (await world.account(erika.account_id)).suspended == {Factor.TOTP}


async def evidence_of(world: World, erika: Person) -> list[EvidenceKind]:
    async with world.services.store.work(erika.account_id) as work:
        cases = await work.load_all(RecoveryCase)
    return [piece.kind for case in cases if case.is_open for piece in case.evidence]


@pytest.mark.parametrize("proven", ["before the case", "in the case"])
async def test_a_proof_is_evidence_of_one_case_and_weighs_nothing_beside_a_call_back(
    world: World, erika: Person, agent: Colleague, proven: str
) -> None:
    if proven == "before the case":
        await proven_by_text(agent, erika)
    await agent.do(open_case, erika)
    if proven == "in the case":
        await proven_by_text(agent, erika)
    await agent.do(add_evidence, erika, EvidenceKind.CALL_BACK)

    assert sorted(await evidence_of(world, erika)) == [EvidenceKind.CALL_BACK, EvidenceKind.CALLER]
    async with world.services.store.work(erika.account_id) as work:
        [case] = await work.load_all(RecoveryCase)
    rules = world.services.rules.recovery
    assert case.weight(rules.weights) == 2
    assert not case.has_factor
    assert agent.staff.account_id in case.seen_by


async def test_what_is_new_or_of_another_call_is_no_evidence(world: World, erika: Person, agent: Colleague) -> None:
    key = await add_app(erika)
    caller = await a_caller(agent, erika)
    await caller.choose(Factor.TOTP)
    await caller.answer(shown(world, key))
    otto = await a_person(world, "otto@example.com")
    await proven_by_text(agent, otto)
    world.clock.move(minutes=61)

    for person in (erika, otto):
        await agent.do(open_case, person)

        assert await evidence_of(world, person) == []


async def test_nobody_ticks_a_proof_by_hand(world: World, erika: Person, agent: Colleague) -> None:
    await agent.do(open_case, erika)

    assert (await agent.do(add_evidence, erika, EvidenceKind.CALLER)).refusal is Refusal.NOT_NOW
    assert await evidence_of(world, erika) == []
