"""Refusals around organisations: to the operator, to whoever answers for one, and of what its administrators hear."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from renumber.domain.account import Account
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session
from renumber.domain.support.recovery_case import RecoveryCase
from renumber.domain.support.staff import Role
from renumber.flows.organisations.answers import Answer, answer_recovery
from renumber.flows.organisations.manage import (
    dismiss_administrator,
    join_organisation,
    leave_organisation,
    name_administrator,
    set_organisation,
)
from renumber.flows.phone_change.request import request_change
from renumber.flows.sessions import sign_out
from renumber.flows.support.cases import cancel_case, open_case
from renumber.store.organisations.reads import StoredOrganisations
from renumber.store.reads.pages import PageReads
from tests.flows.organisations.company import OPERATOR, Company, a_company, a_waiting_change, asked_by, says
from tests.flows.person import Person
from tests.flows.refusals.case import Case, Cases, Refused, in_session
from tests.flows.support.staff import a_colleague
from tests.flows.world import with_rules

CASES = Cases()
OF_A_MEMBER: tuple[Callable[..., Any], ...] = (leave_organisation, name_administrator, dismiss_administrator)


def by_operator(erika: Person, act: Callable[..., Any], *given: Any, **named: Any) -> Refused:
    """An act of the operator on the account."""
    refused: Refused = act(erika.world.services, OPERATOR, erika.account_id, *given, **named)
    return refused


async def _of_no_organisation(erika: Person, *, act: Callable[..., Any]) -> Refused:
    return by_operator(erika, act)


CASES += [
    Case(f"{act.__name__}_of_no_organisation", Refusal.NOT_YOUR_COMPANY, partial(_of_no_organisation, act=act))
    for act in OF_A_MEMBER
]


@CASES.refused(Refusal.NOT_YOUR_COMPANY)
async def settings_of_what_is_no_organisation(erika: Person) -> Refused:
    return by_operator(erika, set_organisation, name="Any", changes_wait=True)


@CASES.refused(Refusal.NOT_NOW)
async def settings_that_an_organisation_has(erika: Person) -> Refused:
    organisation = (await a_company(erika.world)).organisation
    erika.account_id = organisation.account_id
    return by_operator(erika, set_organisation, name=organisation.name, changes_wait=organisation.changes_wait)


@CASES.refused(Refusal.ORGANISATION_EXISTS)
async def name_that_another_organisation_has(erika: Person) -> Refused:
    first, second = await a_company(erika.world), await a_company(erika.world)
    erika.account_id = second.organisation_id
    return by_operator(erika, set_organisation, name=first.organisation.name, changes_wait=True)


@CASES.refused(Refusal.NOT_NOW)
async def joining_twice(erika: Person) -> Refused:
    company = await a_company(erika.world)
    await company.member(erika)
    return by_operator(erika, join_organisation, organisation_id=company.organisation_id)


@CASES.refused(Refusal.NOT_NOW)
async def naming_an_administrator_twice(erika: Person) -> Refused:
    company = await a_company(erika.world)
    await company.named(await company.member(erika))
    return by_operator(erika, name_administrator)


@CASES.refused(Refusal.NOT_NOW)
async def dismissing_somebody_who_administers_nothing(erika: Person) -> Refused:
    await (await a_company(erika.world)).member(erika)
    return by_operator(erika, dismiss_administrator)


async def asks(erika: Person) -> tuple[Company, Person, PhoneChange]:
    """Let Erika's change wait for an administrator of her company."""
    company = await a_company(erika.world)
    administrator = await company.administrator()
    await company.member(erika)
    return company, administrator, await a_waiting_change(erika)


@CASES.refused(Refusal.NOT_YOUR_COMPANY)
async def answer_of_somebody_who_was_dismissed(erika: Person) -> Refused:
    _, administrator, change = await asks(erika)
    await dismiss_administrator(erika.world.services, OPERATOR, administrator.account_id)
    return says(administrator, Answer.YES, change)


@CASES.refused(Refusal.NOT_YOUR_COMPANY)
async def answer_of_another_company(erika: Person) -> Refused:
    _, _, change = await asks(erika)
    stranger = await (await a_company(erika.world)).administrator()
    return says(stranger, Answer.YES, change)


@CASES.refused(Refusal.NEEDS_SECOND_FACTOR)
async def answer_after_a_text(erika: Person) -> Refused:
    company, _, change = await asks(erika)
    by_text = await company.named(await company.employee())
    await by_text.sign_in_to_manage()
    return says(by_text, Answer.YES, change)


@CASES.refused(Refusal.NEEDS_FRESH_AUTHENTICATION)
async def answer_long_after_the_password(erika: Person) -> Refused:
    _, administrator, change = await asks(erika)
    erika.world.clock.move(minutes=16)
    return says(administrator, Answer.NO, change)


@CASES.refused(Refusal.OWN_ACCOUNT)
async def answer_for_oneself(erika: Person) -> Refused:
    administrator = await (await a_company(erika.world)).administrator()
    erika.account_id = administrator.account_id
    return says(administrator, Answer.YES, await administrator.ask_for_change())


@CASES.refused(Refusal.NO_OPEN_CHANGE)
async def answer_to_a_change_that_never_was(erika: Person) -> Refused:
    _, administrator, change = await asks(erika)
    return says(administrator, Answer.YES, replace(change, change_id="9" * 32))


@CASES.refused(Refusal.NO_OPEN_CHANGE)
async def change_confirmed_twice(erika: Person) -> Refused:
    _, administrator, change = await asks(erika)
    await says(administrator, Answer.YES, change)
    return says(administrator, Answer.YES, change)


@CASES.refused(Refusal.NO_OPEN_CHANGE)
async def change_declined_once_it_was_confirmed(erika: Person) -> Refused:
    _, administrator, change = await asks(erika)
    await says(administrator, Answer.YES, change)
    return says(administrator, Answer.NO, change)


class SeesItOpen(PageReads):
    """Reads a session just before it ends."""

    seen: tuple[Session, Account, PhoneChange | None] | None = None

    async def session(self, account_id: str, session_id: str) -> tuple[Session, Account, PhoneChange | None] | None:
        self.seen = self.seen or await super().session(account_id, session_id)
        return self.seen


@CASES.refused(Refusal.SESSION_UNKNOWN, is_silent=True)
async def answer_at_the_moment_of_signing_out(erika: Person) -> Refused:
    """The person's history has the answer; that of the administrator says that the session was over."""
    _, administrator, change = await asks(erika)
    world, ticket = erika.world, administrator.browser.ticket
    reads = SeesItOpen(world.database, world.keys)
    await reads.session(ticket.account_id, ticket.id)
    await in_session(administrator.browser, sign_out)
    world.services = replace(world.services, reads=reads)
    erika.account_id = administrator.account_id
    return says(administrator, Answer.YES, change)


async def has_case(erika: Person) -> tuple[Person, RecoveryCase]:
    """Open a recovery case for Erika, and let an administrator of her company be there."""
    company = await a_company(erika.world)
    administrator = await company.administrator()
    await company.member(erika)
    step = await (await a_colleague(erika.world, Role.AGENT)).do(open_case, erika)
    return administrator, step.state


def vouch(administrator: Person, case: RecoveryCase) -> Refused:
    """Say that whoever asks for recovery is a colleague."""
    asked = asked_by(administrator.browser, case.account_id, case.case_id)
    return answer_recovery(administrator.world.services, administrator.browser.client, asked, answer=Answer.YES)


@CASES.refused(Refusal.CASE_CLOSED)
async def word_in_a_case_that_never_was(erika: Person) -> Refused:
    administrator, case = await has_case(erika)
    return vouch(administrator, replace(case, case_id="9" * 32))


@CASES.refused(Refusal.CASE_CLOSED)
async def word_in_a_case_that_was_cancelled(erika: Person) -> Refused:
    administrator, case = await has_case(erika)
    await (await a_colleague(erika.world, Role.REVIEWER)).do(cancel_case, erika)
    return vouch(administrator, case)


@CASES.refused(Refusal.COMPANY_ANSWERED)
async def word_in_a_case_given_twice(erika: Person) -> Refused:
    administrator, case = await has_case(erika)
    await vouch(administrator, case)
    return vouch(administrator, case)


class SeesThemStill(StoredOrganisations):
    """Reads the administrators just before one of them is dismissed."""

    seen: Sequence[Account] = ()

    async def administrators(self, organisation_id: str) -> Sequence[Account]:
        self.seen = self.seen or await super().administrators(organisation_id)
        return self.seen


@CASES.refused(Refusal.NOT_YOUR_COMPANY, is_silent=True)
async def mail_to_somebody_who_is_dismissed_meanwhile(erika: Person) -> Refused:
    company = await a_company(erika.world)
    administrator, employee, world = await company.administrator(), await company.employee(), erika.world
    organisations = SeesThemStill(world.database, world.keys)
    await organisations.administrators(company.organisation_id)
    await dismiss_administrator(world.services, OPERATOR, administrator.account_id)
    world.services = replace(world.services, organisations=organisations)
    return await change_that_asks(erika, administrator, employee)


@CASES.refused(Refusal.SEND_LIMIT_REACHED, is_silent=True)
async def mail_to_an_administrator_who_had_enough(erika: Person) -> Refused:
    world = erika.world
    world.services = with_rules(world.services, limits=replace(world.limits, company_mails_per_day=1))
    company, administrator, _ = await asks(erika)
    return await change_that_asks(erika, administrator, await company.employee())


async def change_that_asks(erika: Person, administrator: Person, employee: Person) -> Refused:
    """A change of an employee's, of which an administrator is told; the case is about the administrator."""
    await employee.sign_in()
    erika.account_id = administrator.account_id
    return in_session(employee.browser, request_change)
