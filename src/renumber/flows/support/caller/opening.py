"""The opening of an act by a caller: the browser holds the check that its number or its link has named."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from renumber.domain.evidence import Evidence
from renumber.domain.messages.link import LinkPurpose
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.caller_check import CallerCheck
from renumber.domain.typed.codes import digits_in
from renumber.flows.act import Act, LinkAct, Written, as_visitor, behind_link, visitor
from renumber.flows.named_account import named_account
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.services import Client, Services, nobody
from renumber.flows.support.caller.standing import named_check
from renumber.flows.support.ports import CallerReads
from renumber.policies.support.caller import NUMBER_DIGITS, NUMBER_PARTS, number_allowances

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CallerTicket:
    """The check that a browser holds; it opens nothing but the page of this check."""

    account_id: str = field(repr=False)
    check_id: str


CalledByCaller = Callable[Concatenate[Services, Client, CallerTicket, P], Coroutine[Any, Any, Step[T]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerAct(Act):
    """An act of somebody who is on the phone, and has shown nothing yet."""

    check: CallerCheck


def by_caller(act: Written[CallerAct, P, T]) -> CalledByCaller[P, T | None]:
    """Open the account for the browser that holds its newest check; any other check is unknown by now."""

    @wraps(act)
    async def opened(
        services: Services, client: Client, ticket: CallerTicket, /, *args: P.args, **more: P.kwargs
    ) -> Step[T | None]:
        async with named_account(services, ticket.account_id) as work:
            stranger = visitor(work, services, client)
            check = await named_check(stranger, ticket.check_id)
            if check is None:
                return stranger.refuse(Refusal.CHECK_UNKNOWN)
            return await act(_caller_act(stranger, check), *args, **more)

    return opened


def _caller_act(stranger: Act, check: CallerCheck) -> CallerAct:
    return CallerAct(
        services=stranger.services,
        limits=stranger.limits,
        client=stranger.client,
        work=stranger.work,
        now=stranger.now,
        actor=stranger.actor,
        evidence=Evidence.caller_check(check_id=check.check_id),
        subject=check.check_id,
        check=check,
    )


def number_of(services: Services, check: CallerCheck) -> str:
    """The number that is read out, which is derived and never kept."""
    return "".join(services.secrets.code(check.number_part(part)) for part in range(NUMBER_PARTS))


async def open_by_number(
    services: Services, client: Client, callers: CallerReads, *, number: str
) -> Step[CallerTicket | None]:
    """Take the check of this number to the browser it was typed in; an unknown one and one that is over are alike."""
    digits = digits_in(number, NUMBER_DIGITS)
    found = await callers.check_numbered(digits)
    account_id = found.account_id if found else nobody(services, digits)
    return await _open_named(services, client, account_id, found.check_id if found else "")


@as_visitor
async def _open_named(act: Act, check_id: str) -> Step[CallerTicket | None]:
    keys = act.services.secrets.fingerprints(KeyedHash.CHECK_NUMBERS_FROM_IP, act.client.place)
    open_at = await act.work.take([Quota(keys, number_allowances(act.services.rules.caller))], act.now)
    if open_at:
        return act.refuse(Refusal.TOO_MANY_CHECK_NUMBERS, open_at=open_at)
    return await _open(act, check_id)


async def _open(act: Act, check_id: str) -> Step[CallerTicket | None]:
    check = await named_check(act, check_id)
    if check is None:
        return act.refuse(Refusal.CHECK_UNKNOWN)
    opened = check.open(act.now, prove_for=act.services.rules.caller.prove_for)
    about = replace(act, subject=check_id)
    if opened.refusal:
        return about.refuse(opened.refusal)
    act.keep(opened.state)
    return about.done(CallerTicket(check.account_id, check_id), *opened.facts)


async def look_at_caller_link(services: Services, token: str) -> Refusal | None:
    """Say why a mailed link leads to no check, if it doesn't; looking changes nothing."""
    link = await services.store.find_link(LinkPurpose.CALLER, token)
    if link is None:
        return Refusal.CHECK_UNKNOWN
    return Refusal.CHECK_OVER if link.used_at or services.clock.now() >= link.expires_at else None


@behind_link(LinkPurpose.CALLER)
async def open_by_link(act: LinkAct) -> Step[CallerTicket | None]:
    """Take the check to the browser in which the mailed link was pressed; the mailbox proves nothing by it."""
    if act.link.used_at or act.now >= act.link.expires_at:
        return act.refuse(Refusal.CHECK_OVER)
    act.keep(act.link.use(act.now))
    return await _open(act, act.link.subject)
