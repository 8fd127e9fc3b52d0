"""Refusals around checks of callers: to staff, to whoever types a number, and to whoever answers."""

from dataclasses import replace

from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.support.staff import Role
from renumber.flows.support.caller.ask import ask_caller, ask_caller_by_mail, withdraw_check
from tests.flows.person import Person, a_person
from tests.flows.push.phone import Phone, add_phone
from tests.flows.refusals.case import Cases, Refused
from tests.flows.refusals.relations.support import is_frozen
from tests.flows.support.callers import Caller, a_caller, asked
from tests.flows.support.staff import Colleague, a_colleague

CASES = Cases()


async def an_agent(erika: Person) -> Colleague:
    return await a_colleague(erika.world, Role.AGENT)


async def a_caller_of(erika: Person, method: Factor | None = None) -> Caller:
    """Somebody who has opened the check, and perhaps chosen a method."""
    caller = await a_caller(await an_agent(erika), erika)
    if method:
        await caller.choose(method)
    return caller


async def is_half_suspended(erika: Person, factor: Factor) -> None:
    """Let a factor have been guessed at so often that it takes no callers."""
    async with erika.world.services.store.work(erika.account_id) as work:
        found = await work.load(FactorStatus, factor)
        status = found or FactorStatus(account_id=erika.account_id, factor=factor)
        work.keep(replace(status, wrong_in_a_row=5))


async def asked_by_push(erika: Person) -> Phone:
    """A phone that is asked about a call."""
    phone = await add_phone(erika)
    await a_caller_of(erika, Factor.PUSH)
    return phone


@CASES.refused(Refusal.ACCOUNT_FROZEN)
async def check_of_a_frozen_account(erika: Person) -> Refused:
    await is_frozen(erika)
    return (await an_agent(erika)).do(ask_caller, erika)


@CASES.refused(Refusal.TOO_MANY_CHECKS)
async def one_check_too_many(erika: Person) -> Refused:
    agent = await an_agent(erika)
    for _ in range(erika.world.services.rules.caller.per_account):
        await agent.do(ask_caller, erika)
    return agent.do(ask_caller_by_mail, erika)


@CASES.refused(Refusal.CHECK_OVER)
async def withdrawing_a_check_that_never_was(erika: Person) -> Refused:
    return (await an_agent(erika)).do(withdraw_check, erika)


@CASES.refused(Refusal.CHECK_OVER)
async def withdrawing_a_check_twice(erika: Person) -> Refused:
    agent = await an_agent(erika)
    await agent.do(ask_caller, erika)
    await agent.do(withdraw_check, erika)
    return agent.do(withdraw_check, erika)


@CASES.refused(Refusal.CHECK_UNKNOWN, of_nobody=True)
async def number_of_no_check(erika: Person) -> Refused:
    return Caller(erika.world).type_number("000000000000")


@CASES.refused(Refusal.CHECK_UNKNOWN)
async def number_that_is_too_late(erika: Person) -> Refused:
    number = await asked(await an_agent(erika), erika)
    erika.world.clock.move(minutes=10)
    return Caller(erika.world).type_number(number)


@CASES.refused(Refusal.TOO_MANY_CHECK_NUMBERS)
async def one_number_too_many(erika: Person) -> Refused:
    caller = Caller(erika.world)
    for guess in range(erika.world.services.rules.caller.numbers_per_ip):
        await caller.type_number(f"{guess:012}")
    return caller.type_number(await asked(await an_agent(erika), erika))


@CASES.refused(Refusal.CHECK_OVER)
async def mailed_link_pressed_twice(erika: Person) -> Refused:
    await (await an_agent(erika)).do(ask_caller_by_mail, erika)
    link = (await erika.mails(Notice.CALLER_LINK))[-1].action
    await Caller(erika.world).press_link(link)
    return Caller(erika.world).press_link(link)


@CASES.refused(Refusal.LINK_UNKNOWN, of_nobody=True)
async def mailed_link_that_never_was(erika: Person) -> Refused:
    return Caller(erika.world).press_link("x" * 22)


@CASES.refused(Refusal.CHECK_UNKNOWN)
async def mailed_link_of_a_check_that_was_replaced(erika: Person) -> Refused:
    agent = await an_agent(erika)
    await agent.do(ask_caller_by_mail, erika)
    link = (await erika.mails(Notice.CALLER_LINK))[-1].action
    await agent.do(ask_caller, erika)
    return Caller(erika.world).press_link(link)


@CASES.refused(Refusal.CHECK_UNKNOWN)
async def caller_whose_check_was_replaced(erika: Person) -> Refused:
    caller = await a_caller_of(erika)
    await (await a_colleague(erika.world, Role.AGENT, "another")).do(ask_caller, erika)
    return caller.choose(Factor.PHONE)


@CASES.refused(Refusal.CHECK_OVER)
async def caller_who_chooses_too_late(erika: Person) -> Refused:
    caller = await a_caller_of(erika)
    erika.world.clock.move(minutes=10)
    return caller.choose(Factor.PHONE)


@CASES.refused(Refusal.SEND_TOO_SOON)
async def second_text_for_a_call_a_moment_after_the_first(erika: Person) -> Refused:
    return (await a_caller_of(erika, Factor.PHONE)).choose(Factor.PHONE)


@CASES.refused(Refusal.CHECK_SENT_ENOUGH)
async def one_text_for_a_call_too_many(erika: Person) -> Refused:
    caller = await a_caller_of(erika)
    for _ in range(erika.world.services.rules.caller.sends):
        await caller.choose(Factor.PHONE)
        erika.world.clock.move(seconds=31)
    return caller.choose(Factor.PHONE)


@CASES.refused(Refusal.FACTOR_UNKNOWN, is_silent=True)
async def text_for_a_call_without_a_number(erika: Person) -> Refused:
    bare = await a_person(erika.world, "bare@example.com", None)
    erika.account_id = bare.account_id
    return (await a_caller_of(bare)).choose(Factor.PHONE)


@CASES.refused(Refusal.FACTOR_SUSPENDED, is_silent=True)
async def text_for_a_call_to_a_number_that_was_guessed_at(erika: Person) -> Refused:
    await is_half_suspended(erika, Factor.PHONE)
    return (await a_caller_of(erika)).choose(Factor.PHONE)


@CASES.refused(Refusal.SEND_LIMIT_REACHED, is_silent=True)
async def text_for_a_call_from_where_too_many_were_sent(erika: Person) -> Refused:
    rules = erika.world.services.rules
    limits = replace(rules.limits, sends_per_ip=1)
    erika.world.services = replace(erika.world.services, rules=replace(rules, limits=limits))
    caller = await a_caller_of(erika, Factor.PHONE)
    erika.world.clock.move(seconds=31)
    return caller.choose(Factor.PHONE)


@CASES.refused(Refusal.FACTOR_UNKNOWN, is_silent=True)
async def prompt_of_a_call_without_a_device(erika: Person) -> Refused:
    return (await a_caller_of(erika)).choose(Factor.PUSH)


@CASES.refused(Refusal.FACTOR_SUSPENDED, is_silent=True)
async def prompt_of_a_call_to_devices_that_were_guessed_at(erika: Person) -> Refused:
    await is_half_suspended(erika, Factor.PUSH)
    return (await a_caller_of(erika)).choose(Factor.PUSH)


@CASES.refused(Refusal.CHECK_OVER)
async def answer_before_a_method_is_chosen(erika: Person) -> Refused:
    return (await a_caller_of(erika)).answer("000000")


@CASES.refused(Refusal.CALLER_NOT_PROVEN)
async def wrong_answer_of_a_caller(erika: Person) -> Refused:
    return (await a_caller_of(erika, Factor.PHONE)).answer("000000")


@CASES.refused(Refusal.CHECK_OVER)
async def not_me_twice(erika: Person) -> Refused:
    caller = await a_caller_of(erika)
    await caller.deny()
    return caller.deny()


@CASES.refused(Refusal.WRONG_DIGITS)
async def wrong_digits_for_a_call(erika: Person) -> Refused:
    phone = await asked_by_push(erika)
    return phone.answer(digits="x")


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def answer_to_a_call_on_a_device_that_was_guessed_at(erika: Person) -> Refused:
    phone = await asked_by_push(erika)
    await is_half_suspended(erika, Factor.PUSH)
    return phone.answer()


@CASES.refused(Refusal.PROMPT_EXPIRED)
async def answer_to_a_call_that_is_over(erika: Person) -> Refused:
    phone = await add_phone(erika)
    caller = await a_caller_of(erika, Factor.PUSH)
    await caller.deny()
    return phone.answer()
