"""Organisations, who belongs to them, and who administers them, each by the flow that the command line calls."""

from renumber.domain.account import Account as DomainAccount
from renumber.domain.organisations.organisation import Organisation as DomainOrganisation
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.organisations import manage
from renumber.policies.joins import Scope
from renumber.policies.operator.account_texts import MOST_NAME, read_name
from renumber.web.api.operations.operation import Operations
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.operator.call import OperatorCall
from renumber.web.api.operator.organisation_shapes import (
    Administration,
    ChangedMembership,
    Member,
    MemberPage,
    NewMembership,
    NewOrganisation,
    Organisation,
    OrganisationPage,
    OrganisationSettings,
)
from renumber.web.api.operator.reading import UNKNOWN, closed, opened, somebody
from renumber.web.api.operator.shapes import Paging

operations = Operations()
NO_SUCH = Problem(code=Code.ORGANISATION_UNKNOWN)
CODES = {
    Refusal.NOT_NOW: Code.NOTHING_CHANGED,
    Refusal.NOT_YOUR_COMPANY: Code.NO_ORGANISATION,
    Refusal.ORGANISATION_EXISTS: Code.ORGANISATION_EXISTS,
}


@operations.declare(
    "POST",
    "/organisations",
    scope=Scope.ACCOUNTS_WRITE,
    takes=NewOrganisation,
    gives=Organisation,
    status=201,
    is_act=True,
    refuses=(Code.ORGANISATION_EXISTS,),
)
async def create_organisation(call: OperatorCall, sent: NewOrganisation) -> Organisation | Problem:
    """Add an organisation, to which accounts may belong."""
    name, added = read_name(sent.name), call.operator.new_organisations
    if not name:
        return _no_name()
    waits = sent.changes_wait
    organisation = await manage.add_organisation(call.services, call.client, added, name=name, changes_wait=waits)
    return _shown(organisation) if organisation else Problem(code=Code.ORGANISATION_EXISTS)


@operations.declare(
    "GET",
    "/organisations",
    scope=Scope.ACCOUNTS_READ,
    asks=Paging,
    gives=OrganisationPage,
    refuses=(Code.CURSOR_NOT_VALID,),
)
async def list_organisations(call: OperatorCall, asked: Paging) -> OrganisationPage | Problem:
    """List organisations."""
    after = opened(call, asked.cursor)
    if after is None:
        return Problem(code=Code.CURSOR_NOT_VALID)
    found = await call.services.organisations.organisations(after, asked.limit + 1)
    following = closed(call, found[asked.limit - 1].account_id) if len(found) > asked.limit else None
    return OrganisationPage(organisations=tuple(_shown(each) for each in found[: asked.limit]), next=following)


@operations.declare(
    "GET", "/organisations/{organisation_id}", scope=Scope.ACCOUNTS_READ, gives=Organisation, is_tagged=True
)
async def read_organisation(call: OperatorCall) -> Organisation | Problem:
    """Read an organisation."""
    found = await _named(call)
    return _shown(found) if found else NO_SUCH


@operations.declare(
    "POST",
    "/organisations/{organisation_id}",
    scope=Scope.ACCOUNTS_WRITE,
    takes=OrganisationSettings,
    gives=Organisation,
    is_act=True,
    refuses=(Code.ORGANISATION_EXISTS, Code.NOTHING_CHANGED),
)
async def set_organisation(call: OperatorCall, sent: OrganisationSettings) -> Organisation | Problem:
    """Change the name of an organisation, or whether changes wait; what waits already keeps its rule."""
    found = await _named(call)
    if found is None:
        return NO_SUCH
    name = read_name(sent.name) if sent.name is not None else found.name
    if not name:
        return _no_name()
    waits = found.changes_wait if sent.changes_wait is None else sent.changes_wait
    step = await manage.set_organisation(call.services, call.client, found.account_id, name=name, changes_wait=waits)
    if step.refusal or step.state is None:
        return call.refused(step.refusal or Refusal.NOT_NOW, CODES[step.refusal or Refusal.NOT_NOW])
    return _shown(step.state)


@operations.declare(
    "GET",
    "/organisations/{organisation_id}/people",
    scope=Scope.ACCOUNTS_READ,
    asks=Paging,
    gives=MemberPage,
    refuses=(Code.CURSOR_NOT_VALID,),
)
async def list_members(call: OperatorCall, asked: Paging) -> MemberPage | Problem:
    """List the accounts that belong to an organisation."""
    found, after = await _named(call), opened(call, asked.cursor)
    if found is None or after is None:
        return NO_SUCH if found is None else Problem(code=Code.CURSOR_NOT_VALID)
    people = await call.services.organisations.people(found.account_id, after, asked.limit + 1)
    following = closed(call, people[asked.limit - 1].account_id) if len(people) > asked.limit else None
    members = (_member(each) for each in people[: asked.limit])
    return MemberPage(members=tuple(each for each in members if each), next=following)


@operations.declare(
    "POST",
    "/accounts/{account_id}/organisation",
    scope=Scope.ACCOUNTS_WRITE,
    takes=NewMembership,
    gives=ChangedMembership,
    is_act=True,
    refuses=(Code.ORGANISATION_UNKNOWN, Code.NOTHING_CHANGED, Code.NO_ORGANISATION),
)
async def set_membership(call: OperatorCall, sent: NewMembership) -> ChangedMembership | Problem:
    """Let an account belong to an organisation, or to none; a change that waits for the one before is cancelled."""
    account = await somebody(call, call.account_id)
    if account is None:
        return UNKNOWN
    if sent.organisation_id is None:
        return _told(call, await manage.leave_organisation(call.services, call.client, account.account_id))
    if await call.services.organisations.organisation(sent.organisation_id) is None:
        return NO_SUCH
    named = {"organisation_id": sent.organisation_id}
    return _told(call, await manage.join_organisation(call.services, call.client, account.account_id, **named))


@operations.declare(
    "POST",
    "/accounts/{account_id}/administration",
    scope=Scope.ACCOUNTS_WRITE,
    takes=Administration,
    gives=ChangedMembership,
    is_act=True,
    refuses=(Code.NOTHING_CHANGED, Code.NO_ORGANISATION),
)
async def set_administrator(call: OperatorCall, sent: Administration) -> ChangedMembership | Problem:
    """Let an account administer its organisation, or no longer."""
    account = await somebody(call, call.account_id)
    if account is None:
        return UNKNOWN
    act = manage.name_administrator if sent.is_administrator else manage.dismiss_administrator
    return _told(call, await act(call.services, call.client, account.account_id))


async def _named(call: OperatorCall) -> DomainOrganisation | None:
    return await call.services.organisations.organisation(call.api.request.param("organisation_id"))


def _no_name() -> Problem:
    return Problem(code=Code.NOT_VALID, detail=f"it takes one line of at most {MOST_NAME} characters - at `$.name`")


def _shown(organisation: DomainOrganisation) -> Organisation:
    return Organisation(
        organisation_id=organisation.account_id,
        name=organisation.name,
        changes_wait=organisation.changes_wait,
        created_at=organisation.created_at,
    )


def _member(account: DomainAccount) -> Member | None:
    membership = account.membership
    if membership is None:
        return None
    return Member(
        account_id=account.account_id,
        name=account.name,
        email=account.email.masked,
        is_administrator=membership.is_administrator,
        since=membership.since,
    )


def _told(call: OperatorCall, step: Step[DomainAccount]) -> ChangedMembership | Problem:
    if step.refusal:
        return call.refused(step.refusal, CODES[step.refusal])
    membership = step.state.membership
    return ChangedMembership(
        account_id=step.state.account_id,
        organisation_id=membership.organisation_id if membership else None,
        is_administrator=membership is not None and membership.is_administrator,
    )
