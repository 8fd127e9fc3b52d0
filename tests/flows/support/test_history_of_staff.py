"""Every act of staff is in the account's history: who, in which role, about what, and why (SECURITY 32)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from renumber.domain.account import Account
from renumber.domain.actor import Actor
from renumber.domain.audit.entries import ExportFormat, TimeRange
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.outcomes import Step
from renumber.domain.support.case_evidence import EvidenceKind
from renumber.domain.support.staff import Role, StaffRequest
from renumber.flows.account.erase import erase_account
from renumber.flows.audit.reading import ExportScope, begin_export, open_history
from renumber.flows.services import Client, Services
from renumber.flows.support import accounts, cases, staff
from renumber.flows.support.caller import ask
from renumber.store.audit.entries import AuditEntries, unsealed
from renumber.store.erasure import AccountErasure
from tests.flows.person import Person, a_person
from tests.flows.refusals.acts import acts
from tests.flows.support.staff import Colleague, a_colleague
from tests.flows.world import World

REASON = "They called from Ulm."
BY_STAFF = {"by_staff", "on_case", "at_desk"}
Prepare = Callable[[Colleague, Person], Awaitable[object]]


async def nothing(_agent: Colleague, _erika: Person) -> None:
    """Some acts need nothing before."""


async def asked_for_a_change(agent: Colleague, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    agent.world.clock.move(seconds=61)


async def paused(_agent: Colleague, erika: Person) -> None:
    async with erika.world.services.store.work(erika.account_id) as work:
        status = FactorStatus(account_id=erika.account_id, factor=Factor.PHONE, suspended_at=erika.world.clock.time)
        work.keep(status, work.account.mirror_status(status))


async def signed_in(_agent: Colleague, erika: Person) -> None:
    await erika.sign_in()


async def a_check(agent: Colleague, erika: Person) -> None:
    await agent.do(ask.ask_caller, erika)


async def a_case(agent: Colleague, erika: Person) -> None:
    await agent.do(cases.open_case, erika)


async def a_case_in_review(agent: Colleague, erika: Person) -> None:
    other = await a_colleague(agent.world, Role.AGENT, "another")
    for act, more in (
        (cases.open_case, ()),
        (cases.add_evidence, (EvidenceKind.DOCUMENT,)),
        (cases.add_evidence, (EvidenceKind.CALL_BACK,)),
        (cases.submit_case, ()),
    ):
        assert (await other.do(act, erika, *more)).refusal is None


async def enough_evidence(agent: Colleague, erika: Person) -> None:
    await a_case(agent, erika)
    for kind in (EvidenceKind.DOCUMENT, EvidenceKind.CALL_BACK):
        await agent.do(cases.add_evidence, erika, kind)


async def a_proposed_role(agent: Colleague, erika: Person) -> None:
    other = await a_colleague(agent.world, Role.ADMINISTRATOR, "another")
    await other.do(staff.propose_role, erika, Role.AGENT)


async def erased(_auditor: Colleague, erika: Person) -> None:
    world = erika.world
    await erase_account(
        AccountErasure(world.database, world.keys), erika.account_id, world.clock.time, joins=world.services.joins
    )


async def export_of_all(services: Services, client: Client, asked: StaffRequest) -> Step[Account | None]:
    return await begin_export(services, client, replace(asked, account_id=""), scope=SCOPE)


SCOPE = ExportScope(ExportFormat.JSONL, TimeRange())
export_of_one = partial(begin_export, scope=SCOPE)
AGENT, REVIEWER, ADMINISTRATOR, AUDITOR = Role.AGENT, Role.REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR
# Each act with who does it, what has gone before, what it is given, and the last row that it leaves.
DONE: dict[str, tuple[object, Role, Prepare, tuple[object, ...], str]] = {
    "accounts.begin_search": (accounts.begin_search, AGENT, nothing, (), "staff_searched"),
    "accounts.look": (accounts.look, AGENT, nothing, (), "staff_looked"),
    "accounts.note": (accounts.note, AGENT, nothing, (), "staff_noted"),
    "accounts.send_link_by_staff": (
        accounts.send_link_by_staff, AGENT, asked_for_a_change, (), "change_link_replaced",
    ),
    "accounts.cancel_change_by_staff": (
        accounts.cancel_change_by_staff, AGENT, asked_for_a_change, (), "staff_helped",
    ),
    "accounts.restore_by_staff": (accounts.restore_by_staff, AGENT, paused, (), "staff_helped"),
    "accounts.end_sessions_by_staff": (accounts.end_sessions_by_staff, AGENT, signed_in, (), "sessions_ended"),
    "accounts.freeze_by_staff": (accounts.freeze_by_staff, AGENT, nothing, (), "account_frozen"),
    "caller.ask.ask_caller": (ask.ask_caller, AGENT, nothing, (), "caller_asked"),
    "caller.ask.ask_caller_by_mail": (ask.ask_caller_by_mail, AGENT, nothing, (), "caller_asked_by_mail"),
    "caller.ask.withdraw_check": (ask.withdraw_check, AGENT, a_check, (), "caller_check_withdrawn"),
    "cases._open_case": (cases.open_case, AGENT, nothing, (), "case_opened"),
    "cases.add_evidence": (cases.add_evidence, AGENT, a_case, (EvidenceKind.DOCUMENT,), "case_evidence_added"),
    "cases.hand_over": (cases.hand_over, AGENT, a_case, ("",), "case_handed_over"),
    "cases.submit_case": (cases.submit_case, AGENT, enough_evidence, (), "case_submitted"),
    "cases.send_back_case": (cases.send_back_case, REVIEWER, a_case_in_review, (), "case_sent_back"),
    "cases.approve_case": (cases.approve_case, REVIEWER, a_case_in_review, (), "case_approved"),
    "cases.refuse_case": (cases.refuse_case, REVIEWER, a_case_in_review, (), "case_refused"),
    "cases.cancel_case": (cases.cancel_case, AGENT, a_case, (), "case_cancelled"),
    "staff.propose_role": (staff.propose_role, ADMINISTRATOR, nothing, (AGENT,), "staff_role_proposed"),
    "staff.confirm_role": (staff.confirm_role, ADMINISTRATOR, a_proposed_role, (AGENT,), "staff_role_given"),
    "staff.remove_staff": (staff.remove_staff, ADMINISTRATOR, a_proposed_role, (), "staff_role_removed"),
    "audit.reading._open": (open_history, AUDITOR, nothing, (), "staff_looked"),
    "audit.reading._open_ended": (open_history, AUDITOR, erased, (), "staff_looked"),
    "audit.reading._export_one": (export_of_one, AUDITOR, nothing, (), "history_exported"),
    "audit.reading._export_all": (export_of_all, AUDITOR, nothing, (), "history_exported"),
}  # fmt: skip
# These stand in the history of whoever did them.
OF_ONES_OWN = {"accounts.begin_search", "audit.reading._open_ended", "audit.reading._export_all"}


def test_every_act_of_staff_is_tried_here() -> None:
    known = {name for name, opening in acts().items() if opening in BY_STAFF}

    assert {
        f"renumber.flows.{name}" if name[:6] == "audit." else f"renumber.flows.support.{name}" for name in DONE
    } == known


@pytest.mark.parametrize("name", DONE)
async def test_each_act_of_staff_is_a_row_with_who_in_which_role_and_why(world: World, name: str) -> None:
    act, role, prepare, more, row = DONE[name]
    colleague, erika = await a_colleague(world, role), await a_person(world)
    await prepare(colleague, erika)
    world.clock.time += timedelta(seconds=1)

    step = await colleague.do(act, erika, *more, reason=REASON)

    assert step.refusal is None
    own = replace(erika, account_id=colleague.staff.account_id) if name in OF_ONES_OWN else erika
    [newest] = await AuditEntries(world.database).newest_of(own.account_id, 1)
    entry = unsealed(newest, world.keys)
    assert (entry.act, entry.actor, entry.at) == (row, Actor.AGENT, world.clock.time)
    assert entry.evidence == f"{role} {colleague.staff.account_id}"
    assert entry.reason == REASON
