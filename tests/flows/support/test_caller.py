"""A caller proves a factor on the page of their check; nobody else learns anything there, and nothing opens by it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.push.prompt import Decision
from renumber.domain.support.staff import Role
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.housekeeping import keep_house
from renumber.flows.support.caller.ask import ask_caller, ask_caller_by_mail, withdraw_check
from renumber.policies.retention import Retention
from renumber.policies.support.caller import CALLER_METHODS, CallerStand
from tests.flows.factors.totp import add_app, shown
from tests.flows.person import Browser, Person, a_person
from tests.flows.push.phone import add_phone
from tests.flows.support.callers import Caller, a_caller, asked, newest_check, stand_of
from tests.flows.support.staff import Colleague, a_colleague
from tests.flows.world import World

A_WHILE = timedelta(days=4)  # longer than "changed recently"


@pytest.fixture
async def erika(world: World) -> Person:
    return await a_person(world)


@pytest.fixture
async def agent(world: World) -> Colleague:
    return await a_colleague(world, Role.AGENT)


async def text_of(erika: Person) -> str:
    return (await erika.texts(Notice.CALLER_CODE))[-1].code


async def test_a_code_to_the_number_proves_the_caller_and_everybody_is_told(either_world: World) -> None:
    erika, agent = await a_person(either_world), await a_colleague(either_world, Role.AGENT)
    caller = await a_caller(agent, erika)
    assert await stand_of(either_world, erika) is CallerStand.OPENED
    await caller.choose(Factor.PHONE)

    step = await caller.answer(await text_of(erika))

    assert step.refusal is None
    assert await stand_of(either_world, erika) is CallerStand.PROVEN
    assert [mail.notice for mail in await erika.mails()] == [Notice.CALLER_CHECK, Notice.CALLER_PROVEN]
    assert [text.notice for text in await erika.texts()] == [Notice.CALLER_CODE, Notice.CALLER_PROVEN]
    acts = await either_world.history(erika.account_id)
    assert acts[-4:] == ["caller_asked", "caller_check_opened", "code_sent", "caller_proven"]


async def test_a_code_of_the_app_proves_the_caller_and_is_used_up_by_it(
    world: World, erika: Person, agent: Colleague
) -> None:
    key = await add_app(erika)
    caller = await a_caller(agent, erika)
    await caller.choose(Factor.TOTP)

    assert (await caller.answer(shown(world, key))).refusal is None

    assert await stand_of(world, erika) is CallerStand.PROVEN
    again = await a_caller(agent, erika)
    await again.choose(Factor.TOTP)
    assert (await again.answer(shown(world, key))).refusal is Refusal.CALLER_NOT_PROVEN


async def test_a_device_proves_the_caller_with_the_digits_of_the_page(
    world: World, erika: Person, agent: Colleague
) -> None:
    phone = await add_phone(erika)
    caller = await a_caller(agent, erika)
    await caller.choose(Factor.PUSH)
    page = await caller.page()
    assert page
    assert page.digits

    answered = await phone.answer(digits=page.digits)

    assert answered.refusal is None
    assert await stand_of(world, erika) is CallerStand.PROVEN


@pytest.mark.parametrize("decision", [Decision.DENY, Decision.NOT_ME])
async def test_one_denial_on_a_device_ends_the_check_and_counts_nowhere(
    world: World, erika: Person, agent: Colleague, decision: Decision
) -> None:
    phone = await add_phone(erika)
    caller = await a_caller(agent, erika)
    await caller.choose(Factor.PUSH)

    answered = await phone.answer(decision)

    assert answered.state
    assert answered.state.freeze_token == ""
    assert await stand_of(world, erika) is CallerStand.DENIED
    assert await world.wrong_in_a_row(erika.account_id, Factor.PUSH) == 0
    assert await erika.mails(Notice.CALLER_DENIED)


async def test_not_me_on_the_page_ends_the_check_and_tells(world: World, erika: Person, agent: Colleague) -> None:
    caller = await a_caller(agent, erika)

    await caller.deny()

    assert await stand_of(world, erika) is CallerStand.DENIED
    [mail] = await erika.mails(Notice.CALLER_DENIED)
    assert mail.stop


async def test_the_notice_that_somebody_asked_freezes_which_ends_the_check(
    world: World, erika: Person, agent: Colleague
) -> None:
    caller = await a_caller(agent, erika)
    [mail] = await erika.mails(Notice.CALLER_CHECK)

    await freeze_by_link(world.services, Browser(world).client, mail.stop)

    assert await stand_of(world, erika) is CallerStand.WITHDRAWN
    assert (await caller.choose(Factor.PHONE)).refusal is Refusal.CHECK_OVER
    assert (await agent.do(ask_caller, erika)).refusal is Refusal.ACCOUNT_FROZEN


async def test_a_number_is_used_once_and_for_a_few_minutes(world: World, erika: Person, agent: Colleague) -> None:
    number = await asked(agent, erika)
    first, second = Caller(world), Caller(world)

    assert (await first.type_number(f"{number[:3]} {number[3:6]} {number[6:]}")).refusal is None
    assert (await second.type_number(number)).refusal is Refusal.CHECK_UNKNOWN

    late = await asked(agent, erika)
    world.clock.move(minutes=10, seconds=1)
    assert (await second.type_number(late)).refusal is Refusal.CHECK_UNKNOWN


async def test_a_newer_check_ends_the_one_before(world: World, erika: Person, agent: Colleague) -> None:
    caller = await a_caller(agent, erika)

    await asked(agent, erika)

    assert await caller.page() is None
    assert (await caller.choose(Factor.PHONE)).refusal is Refusal.CHECK_UNKNOWN
    assert "caller_check_withdrawn" in await world.history(erika.account_id)


async def test_numbers_are_typed_so_often_from_one_place_and_no_more(
    world: World, erika: Person, agent: Colleague
) -> None:
    number, stranger = await asked(agent, erika), Caller(world)
    most = world.services.rules.caller.numbers_per_ip

    tried = {(await stranger.type_number(f"{guess:012}")).refusal for guess in range(most)}

    assert tried == {Refusal.CHECK_UNKNOWN}
    assert (await stranger.type_number(number)).refusal is Refusal.TOO_MANY_CHECK_NUMBERS
    elsewhere = Caller(world, replace(stranger.client, ip="198.51.100.10"))
    assert (await elsewhere.type_number(number)).refusal is None


async def test_a_mailed_link_opens_it_once_and_has_no_number(world: World, erika: Person, agent: Colleague) -> None:
    await agent.do(ask_caller_by_mail, erika)
    check = await newest_check(world, erika)
    [mail] = await erika.mails(Notice.CALLER_LINK)
    assert check
    assert check.number_key is None

    assert (await Caller(world).press_link(mail.action)).refusal is None
    assert (await Caller(world).press_link(mail.action)).refusal is Refusal.CHECK_OVER


@pytest.mark.parametrize("method", CALLER_METHODS)
async def test_an_account_without_a_method_looks_like_one_whose_owner_gives_wrong_answers(
    world: World, agent: Colleague, method: Factor
) -> None:
    whole, bare = await a_person(world), await a_person(world, "bare@example.com", None)
    await add_app(whole)
    await add_phone(whole)
    seen = []

    for person in (whole, bare):
        caller, steps = await a_caller(agent, person), []
        for _ in range(world.services.rules.caller.tries):
            await caller.choose(method)
            page = await caller.page()
            assert page
            step = await caller.answer("000000") if method is not Factor.PUSH else None
            steps.append((page.stand, len(page.digits), page.sends_left, step and (step.refusal, step.tries_left)))
            world.clock.move(seconds=30)
        seen.append((steps, await stand_of(world, person)))

    assert seen[0] == seen[1]


async def test_wrong_answers_count_on_the_factor_and_end_the_check(
    world: World, erika: Person, agent: Colleague
) -> None:
    await add_app(erika)
    caller = await a_caller(agent, erika)
    await caller.choose(Factor.TOTP)

    left = [(await caller.answer("000000")).tries_left for _ in range(3)]

    assert left == [2, 1, 0]
    assert await world.wrong_in_a_row(erika.account_id, Factor.TOTP) == 3
    assert await stand_of(world, erika) is CallerStand.FAILED
    assert (await world.history(erika.account_id)).count("refused:caller_not_proven") == 3


async def test_callers_alone_suspend_nothing_however_long_they_try(
    world: World, erika: Person, agent: Colleague
) -> None:
    await add_app(erika)

    for _ in range(12):
        for method in (Factor.TOTP, Factor.PHONE):
            caller = await a_caller(agent, erika)
            await caller.choose(method)
            for _ in range(3):
                await caller.answer("000000")
            world.clock.move(hours=13)

    account = await world.account(erika.account_id)
    assert account.suspended == frozenset()
    assert await world.wrong_in_a_row(erika.account_id, Factor.TOTP) == world.limits.suspend_after // 2


async def test_a_factor_that_takes_no_callers_proves_nothing(world: World, erika: Person, agent: Colleague) -> None:
    key = await add_app(erika)
    async with world.services.store.work(erika.account_id) as work:
        status = await work.load(FactorStatus, Factor.TOTP)
        assert status
        work.keep(replace(status, wrong_in_a_row=5))
    caller = await a_caller(agent, erika)
    await caller.choose(Factor.TOTP)

    assert (await caller.answer(shown(world, key))).refusal is Refusal.CALLER_NOT_PROVEN


async def test_texts_for_calls_are_few_and_use_up_none_of_the_owner_s(
    world: World, erika: Person, agent: Colleague
) -> None:
    for _ in range(world.services.rules.caller.per_account):
        caller = await a_caller(agent, erika)
        for _ in range(6):
            await caller.choose(Factor.PHONE)
            world.clock.move(seconds=31)

    texts = await erika.texts(Notice.CALLER_CODE)
    assert len(texts) == world.services.rules.caller.per_account * world.services.rules.caller.sends
    assert (await agent.do(ask_caller, erika)).refusal is Refusal.TOO_MANY_CHECKS
    assert await (await erika.sign_in(Browser(world))).is_signed_in()


async def test_an_agent_begins_so_many_checks_a_day(world: World, agent: Colleague) -> None:
    rules = replace(world.services.rules.caller, per_agent=2)
    world.services = replace(world.services, rules=replace(world.services.rules, caller=rules))
    people = [await a_person(world, f"person-{number}@example.com", None) for number in range(3)]

    refusals = [(await agent.do(ask_caller, person)).refusal for person in people]

    assert refusals == [None, None, Refusal.TOO_MANY_CHECKS]


async def test_what_is_new_in_the_account_proves_and_is_said_to_be_new(
    world: World, erika: Person, agent: Colleague
) -> None:
    key = await add_app(erika)

    new = []
    for _ in range(2):
        caller = await a_caller(agent, erika)
        await caller.choose(Factor.TOTP)
        step = await caller.answer(shown(world, key))
        assert step.state
        new.append(step.state.is_new)
        world.clock.time += A_WHILE

    assert new == [True, False]


async def test_a_proof_is_of_one_call(world: World, erika: Person, agent: Colleague) -> None:
    caller = await a_caller(agent, erika)
    await caller.choose(Factor.PHONE)
    await caller.answer(await text_of(erika))

    world.clock.move(minutes=61)

    assert await stand_of(world, erika) is CallerStand.OUTDATED


async def test_staff_withdraws_it(world: World, erika: Person, agent: Colleague) -> None:
    caller = await a_caller(agent, erika)

    assert (await agent.do(withdraw_check, erika)).refusal is None

    assert await stand_of(world, erika) is CallerStand.WITHDRAWN
    assert (await caller.answer("000000")).refusal is Refusal.CHECK_OVER
    assert (await agent.do(withdraw_check, erika)).refusal is Refusal.CHECK_OVER


async def test_a_prompt_of_a_call_takes_no_sign_in_s_place(world: World, erika: Person, agent: Colleague) -> None:
    phone = await add_phone(erika)
    await phone.subscribe()
    browser = Browser(world)
    await browser.give_password(erika.email)
    [of_sign_in] = await phone.prompts()

    caller = await a_caller(agent, erika)
    await caller.choose(Factor.PUSH)

    assert of_sign_in in await phone.prompts()
    assert len(await phone.prompts()) == 2
    woken = [one.message for one in await world.deliver() if one.channel is Channel.PUSH]
    assert [message.notice for message in woken] == [Notice.SIGN_IN_PROMPT, Notice.CALLER_PROMPT]
    assert set(woken[-1].params) == {"prompt"}


async def test_an_answer_to_a_call_signed_as_one_to_a_sign_in_is_none(
    world: World, erika: Person, agent: Colleague
) -> None:
    phone = await add_phone(erika)
    caller = await a_caller(agent, erika)
    await caller.choose(Factor.PUSH)
    prompt = await phone.prompt()

    as_sign_in = phone.answer_to(replace(prompt, purpose=type(prompt.purpose).SIGN_IN))

    assert (await phone.give(as_sign_in)).refusal is Refusal.DEVICE_SIGNATURE_WRONG
    assert await stand_of(world, erika) is CallerStand.OPENED


async def test_a_check_that_is_over_is_purged_after_a_month(world: World, erika: Person, agent: Colleague) -> None:
    await a_caller(agent, erika)
    kept = Retention().caller_checks
    world.clock.time += kept
    await keep_house(world.services, world.chores)
    assert await newest_check(world, erika)

    world.clock.move(minutes=21)
    await keep_house(world.services, world.chores)

    assert await newest_check(world, erika) is None
