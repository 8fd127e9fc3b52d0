"""Refusals of auditors: reading the history of an account, and exporting it or that of all."""

from functools import partial

from renumber.domain.audit.entries import ExportFormat, TimeRange
from renumber.domain.outcomes import Refusal
from renumber.domain.support.staff import Role, StaffRequest
from renumber.flows.audit.reading import ExportScope, begin_export, open_history
from tests.flows.person import Person, a_person
from tests.flows.refusals.case import Cases, Refused
from tests.flows.refusals.erased import erase
from tests.flows.refusals.relations.support import at_own_desk, use_up
from tests.flows.support.staff import BROWSER, a_colleague

CASES = Cases()
export = partial(begin_export, scope=ExportScope(ExportFormat.CSV, TimeRange()))


async def somebody_erased(erika: Person) -> Person:
    """Somebody else, whose account was erased: whoever asks about it keeps that in the own history."""
    other = await a_person(erika.world, "erased@example.com", None)
    await erase(other)
    return other


@CASES.refused(Refusal.NOT_YOUR_ROLE)
async def agent_who_reads_a_history(erika: Person) -> Refused:
    return (await a_colleague(erika.world, Role.AGENT)).do(open_history, erika)


@CASES.refused(Refusal.TOO_MANY_LOOKS)
async def auditor_who_goes_through_histories(erika: Person) -> Refused:
    auditor = await a_colleague(erika.world, Role.AUDITOR)
    await use_up(auditor, erika, open_history)
    return auditor.do(open_history, erika)


@CASES.refused(Refusal.TOO_MANY_LOOKS)
async def auditor_who_goes_through_histories_of_the_erased(erika: Person) -> Refused:
    auditor, other = at_own_desk(erika, Role.AUDITOR), await somebody_erased(erika)
    await use_up(auditor, other, open_history)
    return auditor.do(open_history, other)


@CASES.refused(Refusal.NEEDS_REASON)
async def history_of_the_erased_read_without_a_word(erika: Person) -> Refused:
    return at_own_desk(erika, Role.AUDITOR).do(open_history, await somebody_erased(erika), reason="")


@CASES.refused(Refusal.OWN_ACCOUNT)
async def auditor_who_exports_the_own_history(erika: Person) -> Refused:
    return at_own_desk(erika, Role.AUDITOR).do(export, erika)


@CASES.refused(Refusal.NEEDS_REASON)
async def history_exported_without_a_word(erika: Person) -> Refused:
    return (await a_colleague(erika.world, Role.AUDITOR)).do(export, erika, reason=" ")


@CASES.refused(Refusal.NOT_YOUR_ROLE)
async def reviewer_who_exports_a_history_of_the_erased(erika: Person) -> Refused:
    return at_own_desk(erika, Role.REVIEWER).do(export, await somebody_erased(erika))


@CASES.refused(Refusal.NEEDS_REASON)
async def all_histories_exported_without_a_word(erika: Person) -> Refused:
    of_all = StaffRequest(staff=at_own_desk(erika, Role.AUDITOR).staff, account_id="", reason="")
    return export(erika.world.services, BROWSER, of_all)
