"""Refusals of staff, and around recovery cases."""

from collections.abc import Callable
from functools import partial
from typing import Any

from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.support.case_evidence import EvidenceKind
from renumber.domain.support.staff import Role, Staff
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.services import Client
from renumber.flows.support.accounts import (
    begin_search,
    cancel_change_by_staff,
    end_sessions_by_staff,
    freeze_by_staff,
    look,
    note,
    restore_by_staff,
    send_link_by_staff,
)
from renumber.flows.support.cases import (
    add_evidence,
    approve_case,
    cancel_case,
    hand_over,
    open_case,
    refuse_case,
    send_back_case,
    submit_case,
)
from renumber.flows.support.own_request import confirm_request, request_recovery
from renumber.flows.support.recover import go_on_with_case, press_recovery_link
from renumber.flows.support.staff import confirm_role, give_role, propose_role, remove_staff, take_role
from tests.flows.person import Person
from tests.flows.refusals.case import Case, Cases, Refused, in_sign_in
from tests.flows.support.staff import Colleague, a_colleague, an_approved_case

CASES = Cases()
OPERATOR = Client(operator="the-operator")


async def is_frozen(erika: Person) -> None:
    """Freeze the account from outside."""
    await freeze_by_operator(erika.world.services, OPERATOR, erika.account_id, "stolen")


async def has_link(erika: Person) -> str:
    """Let a case be approved and wait; the mailbox has the link."""
    await an_approved_case(erika.world, erika)
    erika.world.clock.move(days=3)
    [[account_id, case_id]] = await erika.world.chores.due_cases(erika.world.clock.time)
    await go_on_with_case(erika.world.services, account_id, case_id)
    return (await erika.mails(Notice.RECOVERY_LINK))[-1].action


@CASES.refused(Refusal.NOT_YOUR_ROLE)
async def agent_who_approves(erika: Person) -> Refused:
    return (await a_colleague(erika.world, Role.AGENT)).do(approve_case, erika)


@CASES.refused(Refusal.OWN_ACCOUNT)
async def agent_who_looks_at_the_own_account(erika: Person) -> Refused:
    return Colleague(erika.world, Staff(erika.account_id, Role.AGENT)).do(look, erika)


@CASES.refused(Refusal.STAFF_ACCOUNT)
async def agent_who_freezes_a_colleague(erika: Person) -> Refused:
    await give_role(erika.world.services, OPERATOR, erika.account_id, Role.REVIEWER)
    return (await a_colleague(erika.world, Role.AGENT)).do(freeze_by_staff, erika)


@CASES.refused(Refusal.NEEDS_REASON)
async def note_without_a_word(erika: Person) -> Refused:
    return (await a_colleague(erika.world, Role.AGENT)).do(note, erika, reason="  ")


@CASES.refused(Refusal.NO_OPEN_CHANGE)
async def link_of_no_change(erika: Person) -> Refused:
    return (await a_colleague(erika.world, Role.AGENT)).do(send_link_by_staff, erika)


@CASES.refused(Refusal.SEND_TOO_SOON)
async def link_by_staff_a_moment_after_the_first(erika: Person) -> Refused:
    await erika.sign_in()
    await erika.ask_for_change()
    return (await a_colleague(erika.world, Role.AGENT)).do(send_link_by_staff, erika)


@CASES.refused(Refusal.NEEDS_OLDER_FACTOR)
async def link_by_staff_after_a_mailed_password(erika: Person) -> Refused:
    await erika.sign_in()
    await erika.ask_for_change()
    await erika.choose_password("another good password")
    return (await a_colleague(erika.world, Role.AGENT)).do(send_link_by_staff, erika)


@CASES.refused(Refusal.NO_OPEN_CHANGE)
async def cancelling_by_staff_what_is_reset(erika: Person) -> Refused:
    await erika.reset_number()
    return (await a_colleague(erika.world, Role.AGENT)).do(cancel_change_by_staff, erika)


@CASES.refused(Refusal.NO_OPEN_CHANGE)
async def cancelling_by_staff_of_nothing(erika: Person) -> Refused:
    return (await a_colleague(erika.world, Role.AGENT)).do(cancel_change_by_staff, erika)


@CASES.refused(Refusal.NOTHING_TO_LIFT)
async def lifting_by_staff_of_nothing(erika: Person) -> Refused:
    return (await a_colleague(erika.world, Role.AGENT)).do(restore_by_staff, erika)


@CASES.refused(Refusal.ACCOUNT_FROZEN)
async def lifting_by_staff_while_frozen(erika: Person) -> Refused:
    await is_frozen(erika)
    return (await a_colleague(erika.world, Role.AGENT)).do(restore_by_staff, erika)


@CASES.refused(Refusal.NO_SESSIONS)
async def ending_by_staff_of_no_sessions(erika: Person) -> Refused:
    return (await a_colleague(erika.world, Role.AGENT)).do(end_sessions_by_staff, erika)


@CASES.refused(Refusal.TOO_MANY_LOOKS)
async def agent_who_goes_through_accounts(erika: Person) -> Refused:
    agent = await a_colleague(erika.world, Role.AGENT)
    await use_up(agent, erika, look)
    return agent.do(look, erika)


def at_own_desk(erika: Person, role: Role = Role.AGENT) -> Colleague:
    """A search is about nobody else yet: the history of whoever begins it keeps it."""
    return Colleague(erika.world, Staff(erika.account_id, role))


@CASES.refused(Refusal.TOO_MANY_LOOKS)
async def agent_who_tries_addresses(erika: Person) -> Refused:
    await use_up(at_own_desk(erika), erika, begin_search)
    return at_own_desk(erika).do(begin_search, erika)


async def use_up(agent: Colleague, erika: Person, act: Any) -> None:
    """Do it as often as may be in an hour."""
    for _ in range(erika.world.services.rules.limits.staff_looks_per_hour):
        assert (await agent.do(act, erika)).refusal is None


@CASES.refused(Refusal.NOT_YOUR_ROLE)
async def administrator_who_searches(erika: Person) -> Refused:
    return at_own_desk(erika, Role.ADMINISTRATOR).do(begin_search, erika)


@CASES.refused(Refusal.NEEDS_REASON)
async def search_without_a_word(erika: Person) -> Refused:
    return at_own_desk(erika).do(begin_search, erika, reason="")


@CASES.refused(Refusal.ACCOUNT_FROZEN)
async def case_for_a_frozen_account(erika: Person) -> Refused:
    await is_frozen(erika)
    return (await a_colleague(erika.world, Role.AGENT)).do(open_case, erika)


@CASES.refused(Refusal.CASE_ALREADY_OPEN)
async def case_beside_an_open_one(erika: Person) -> Refused:
    agent = await a_colleague(erika.world, Role.AGENT)
    await agent.do(open_case, erika)
    return agent.do(open_case, erika)


@CASES.refused(Refusal.EVIDENCE_TOO_LITTLE)
async def review_of_next_to_nothing(erika: Person) -> Refused:
    agent = await a_colleague(erika.world, Role.AGENT)
    await agent.do(open_case, erika)
    return agent.do(submit_case, erika)


@CASES.refused(Refusal.NEEDS_SECOND_PERSON)
async def review_by_whoever_has_had_the_case(erika: Person) -> Refused:
    agent, reviewer = await a_colleague(erika.world, Role.AGENT), await a_colleague(erika.world, Role.REVIEWER)
    await agent.do(open_case, erika)
    await reviewer.do(hand_over, erika, agent.staff.account_id)
    await agent.do(add_evidence, erika, EvidenceKind.DOCUMENT)
    await agent.do(add_evidence, erika, EvidenceKind.CALL_BACK)
    await agent.do(submit_case, erika)
    return reviewer.do(approve_case, erika)


@CASES.refused(Refusal.NOT_NOW)
async def factor_that_an_agent_has_ticked(erika: Person) -> Refused:
    agent = await a_colleague(erika.world, Role.AGENT)
    await agent.do(open_case, erika)
    return agent.do(add_evidence, erika, EvidenceKind.FACTOR)


@CASES.refused(Refusal.CASE_CLOSED)
async def case_that_is_no_longer_due(erika: Person) -> Refused:
    return go_on_with_case(erika.world.services, erika.account_id, "9" * 32)


@CASES.refused(Refusal.CASE_CLOSED)
async def recovery_link_pressed_twice(erika: Person) -> Refused:
    link = await has_link(erika)
    await press_recovery_link(erika.world.services, erika.browser.client, link)
    return press_recovery_link(erika.world.services, erika.browser.client, link)


@CASES.refused(Refusal.CASE_EXPIRED)
async def recovery_link_pressed_too_late(erika: Person) -> Refused:
    link = await has_link(erika)
    erika.world.clock.move(days=1)
    return press_recovery_link(erika.world.services, erika.browser.client, link)


@CASES.refused(Refusal.LINK_UNKNOWN, of_nobody=True)
async def recovery_link_that_never_was(erika: Person) -> Refused:
    return press_recovery_link(erika.world.services, erika.browser.client, "x" * 22)


async def has_requested(erika: Person) -> str:
    """Ask for recovery after the password; the mailbox has a link."""
    await erika.browser.give_password(erika.email)
    await in_sign_in(erika.browser, request_recovery)
    return (await erika.mails(Notice.RECOVERY_REQUEST))[-1].action


@CASES.refused(Refusal.CASE_ALREADY_OPEN)
async def recovery_requested_beside_an_open_case(erika: Person) -> Refused:
    await confirm_request(erika.world.services, erika.browser.client, await has_requested(erika))
    return in_sign_in(erika.browser, request_recovery)


@CASES.refused(Refusal.SEND_LIMIT_REACHED)
async def recovery_requested_without_end(erika: Person) -> Refused:
    for _ in range(5):
        await has_requested(erika)
    return in_sign_in(erika.browser, request_recovery)


@CASES.refused(Refusal.LINK_USED)
async def request_confirmed_twice(erika: Person) -> Refused:
    link = await has_requested(erika)
    await confirm_request(erika.world.services, erika.browser.client, link)
    return confirm_request(erika.world.services, erika.browser.client, link)


@CASES.refused(Refusal.LINK_EXPIRED)
async def request_confirmed_a_day_later(erika: Person) -> Refused:
    link = await has_requested(erika)
    erika.world.clock.move(days=1)
    return confirm_request(erika.world.services, erika.browser.client, link)


@CASES.refused(Refusal.NOT_STAFF)
async def role_taken_from_somebody_who_has_none(erika: Person) -> Refused:
    return take_role(erika.world.services, OPERATOR, erika.account_id)


@CASES.refused(Refusal.OWN_ACCOUNT)
async def administrator_who_raises_themselves(erika: Person) -> Refused:
    return Colleague(erika.world, Staff(erika.account_id, Role.ADMINISTRATOR)).do(propose_role, erika, Role.REVIEWER)


@CASES.refused(Refusal.NEEDS_SECOND_PERSON)
async def administrator_who_confirms_the_own_proposal(erika: Person) -> Refused:
    administrator = await a_colleague(erika.world, Role.ADMINISTRATOR)
    await administrator.do(propose_role, erika, Role.REVIEWER)
    return administrator.do(confirm_role, erika, Role.REVIEWER)


@CASES.refused(Refusal.NOT_NOW)
async def confirming_what_was_not_proposed(erika: Person) -> Refused:
    return (await a_colleague(erika.world, Role.ADMINISTRATOR)).do(confirm_role, erika, Role.REVIEWER)


@CASES.refused(Refusal.NOT_STAFF)
async def removing_somebody_who_has_no_role(erika: Person) -> Refused:
    return (await a_colleague(erika.world, Role.ADMINISTRATOR)).do(remove_staff, erika)


ON_A_CASE: dict[Callable[..., Any], tuple[Role, tuple[object, ...]]] = {
    add_evidence: (Role.AGENT, (EvidenceKind.DOCUMENT,)),
    hand_over: (Role.AGENT, ("",)),
    submit_case: (Role.AGENT, ()),
    send_back_case: (Role.REVIEWER, ()),
    approve_case: (Role.REVIEWER, ()),
    refuse_case: (Role.REVIEWER, ()),
    cancel_case: (Role.REVIEWER, ()),
}


async def _without_case(erika: Person, *, act: Callable[..., Any]) -> Refused:
    role, more = ON_A_CASE[act]
    return (await a_colleague(erika.world, role)).do(act, erika, *more)


CASES += [
    Case(f"{act.__name__}_where_there_is_no_case", Refusal.CASE_CLOSED, partial(_without_case, act=act))
    for act in ON_A_CASE
]
