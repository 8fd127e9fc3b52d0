"""Organisations and who belongs to them, by the operator."""

from dataclasses import replace

from renumber.domain.account import Account
from renumber.domain.facts import Fact
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.organisations.membership import Membership, join
from renumber.domain.organisations.organisation import SLOT, Organisation
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import ChangeState
from renumber.flows.act import Act, by_operator
from renumber.flows.consequences import entry_of_operator, send
from renumber.flows.organisations.ports import NewOrganisations
from renumber.flows.ports.store import Taken
from renumber.flows.services import Client, Services
from renumber.policies.notices import WORTH_TELLING_FOR


async def add_organisation(
    services: Services, client: Client, added: NewOrganisations, *, name: str, changes_wait: bool
) -> Organisation | None:
    """Add an organisation; None if there is one of this name."""
    now, organisation_id = services.clock.now(), services.secrets.new_id()
    organisation = Organisation(account_id=organisation_id, name=name, changes_wait=changes_wait, created_at=now)
    entry = entry_of_operator(Fact.ORGANISATION_ADDED, organisation_id, now, by=client.operator)
    if await added.add(organisation, entry):
        return organisation
    if standing := await services.organisations.named(name):
        await _refuse_name(services, client, standing.account_id)  # into the history of the one that has it
    return None


async def set_organisation(
    services: Services, client: Client, organisation_id: str, *, name: str, changes_wait: bool
) -> Step[Organisation | None]:
    """Change its name, or whether changes wait; what waits already keeps the rule with which it began."""
    try:
        return await _set(services, client, organisation_id, name, changes_wait=changes_wait)
    except Taken:
        return await _refuse_name(services, client, organisation_id)


@by_operator
async def _set(act: Act, name: str, *, changes_wait: bool) -> Step[Organisation | None]:
    organisation = await act.work.load(Organisation, SLOT)
    if organisation is None:
        return act.refuse(Refusal.NOT_YOUR_COMPANY)
    return act.carry_out(organisation.set(name=name, changes_wait=changes_wait))


@by_operator
async def _refuse_name(act: Act) -> Step[None]:
    return act.refuse(Refusal.ORGANISATION_EXISTS)


async def join_organisation(
    services: Services, client: Client, account_id: str, *, organisation_id: str
) -> Step[Account]:
    """Let an account belong to an organisation, and to no other any more; to none, if it was removed just then."""
    step = await _join(services, client, account_id, organisation_id)
    if step.refusal or await services.organisations.organisation(organisation_id):
        return step
    return await leave_organisation(services, client, account_id)


@by_operator
async def _join(act: Act, organisation_id: str) -> Step[Account]:
    step = join(act.account.membership, organisation_id, act.now)
    if step.refusal:
        return act.refuse(step.refusal, act.account)
    await _cancel_waiting(act)
    return _belongs(act, step)


@by_operator
async def leave_organisation(act: Act, organisation_id: str | None = None) -> Step[Account]:
    """Let an account belong to no organisation; its administrators see nothing of it from now on.

    If one is named, the account leaves that one alone, and stays in any other.
    """
    if act.account.membership is None or organisation_id not in {None, act.account.membership.organisation_id}:
        return act.refuse(Refusal.NOT_YOUR_COMPANY, act.account)
    await _cancel_waiting(act)
    act.keep(replace(act.account, membership=None))
    return act.done(act.account, Fact.ORGANISATION_LEFT)


@by_operator
async def name_administrator(act: Act) -> Step[Account]:
    """Make an account an administrator of its organisation."""
    if act.account.membership is None:
        return act.refuse(Refusal.NOT_YOUR_COMPANY, act.account)
    return _belongs(act, act.account.membership.name_administrator())


@by_operator
async def dismiss_administrator(act: Act) -> Step[Account]:
    """Let an administrator be a member like all others: the next request of theirs sees nothing."""
    if act.account.membership is None:
        return act.refuse(Refusal.NOT_YOUR_COMPANY, act.account)
    return _belongs(act, act.account.membership.dismiss_administrator())


def _belongs(act: Act, step: Step[Membership]) -> Step[Account]:
    if step.refusal:
        return act.refuse(step.refusal, act.account)
    act.keep(replace(act.account, membership=step.state))
    return act.done(act.account, *step.facts)


async def _cancel_waiting(act: Act) -> None:
    """A change that waits for a company that it no longer belongs to would wait for nobody: its person hears of it."""
    change = await act.work.open_change()
    if change is None or change.state is not ChangeState.AWAITING_COMPANY:
        return
    told = replace(act, subject=change.change_id, extra={"about": "change", "answer": "left"})
    told.carry_out(change.cancel(act.now))
    until = act.now + WORTH_TELLING_FOR
    send(told, Notice.COMPANY_ANSWERED, Channel.EMAIL, to=act.account.email.text, until=until)
