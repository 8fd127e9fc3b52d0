"""The ports that the operator's API and customer relations work with beside the services of flows."""

from renumber.crypto import CorruptSecret
from renumber.flows.audit.ports import AuditServices
from renumber.flows.operator.read_meter import ReadMeter
from renumber.flows.operator.services import OperatorServices
from renumber.flows.support.ports import SupportServices
from renumber.store.audit.entries import AuditEntries
from renumber.store.audit.found import StoredEntries
from renumber.store.audit.proofs import StoredProofs
from renumber.store.erasure import AccountErasure
from renumber.store.events.reads import StoredEvents
from renumber.store.kept_answers import StoredAnswers, StoredQuotas
from renumber.store.organisations.new_organisations import NewOrganisationStore
from renumber.store.reads.account_pages import AccountPages
from renumber.store.streams.streams import StoredStreams
from renumber.store.support.account_views import StoredAccountViews
from renumber.store.support.caller_reads import StoredCallerReads
from renumber.store.support.case_reads import StoredCaseReads
from renumber.store.support.changes import StoredChanges
from renumber.store.support.colleagues import StoredColleagues
from renumber.store.support.reads import StoredSupportReads
from renumber.store.support.staff_identities import StoredStaffIdentities
from renumber.wiring.core import Core
from renumber.wiring.parts import Parts
from renumber.wiring.provider import identity_provider


def operator_services(parts: Parts) -> OperatorServices:
    """Make what the operator's API works with beside the services of flows."""
    return OperatorServices(
        new_accounts=parts.new_accounts,
        new_organisations=NewOrganisationStore(parts.database, parts.keys),
        erasure=AccountErasure(parts.database, parts.keys),
        pages=AccountPages(parts.database, parts.keys),
        answers=StoredAnswers(parts.database, parts.keys),
        quotas=StoredQuotas(parts.database),
        reads=ReadMeter(),
        events=StoredEvents(parts.database),
        streams=StoredStreams(parts.database, parts.keys),
    )


def support_services(parts: Parts) -> SupportServices:
    """Make what customer relations works with beside the services of flows."""
    return SupportServices(
        reads=StoredSupportReads(parts.database, parts.keys),
        views=StoredAccountViews(parts.database, parts.keys),
        pages=AccountPages(parts.database, parts.keys),
        cases=StoredCaseReads(parts.database, parts.keys),
        colleagues=StoredColleagues(parts.database, parts.keys),
        changes=StoredChanges(parts.database),
        identities=StoredStaffIdentities(parts.database, parts.keys),
        provider=identity_provider(parts.settings, parts.services),
        provider_rules=parts.settings.provider,
        audit=audit_services(parts),
        callers=StoredCallerReads(parts.database, parts.keys),
    )


def audit_services(core: Core) -> AuditServices:
    """Make what the history is read, exported and proven with."""
    return AuditServices(
        entries=StoredEntries(core.database),
        export=AuditEntries(core.database),
        proofs=StoredProofs(core.database, core.keys, CorruptSecret, clock=core.clock),
    )
