"""The opening of an act by an administrator of somebody's company: signed in, confirmed anew, for their own people."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from renumber.domain.actor import Actor
from renumber.domain.evidence import Evidence
from renumber.domain.organisations.membership import Administrator
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Session, Ticket
from renumber.flows.act import Act, Written, visitor
from renumber.flows.named_account import named_account
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.services import Client, Services
from renumber.policies.organisations.answering import administrator_of, may_answer

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRequest:
    """Something that an administrator is about to answer: by which session, of whom, and which change or case."""

    holder: Ticket
    account_id: str
    subject: str


CalledByCompany = Callable[Concatenate[Services, Client, CompanyRequest, P], Coroutine[Any, Any, Step[T]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyAct(Act):
    """An act of an administrator on the account of somebody of their company."""

    administrator: Administrator

    def params(self) -> dict[str, str]:
        """Messages don't say where the administrator sits, nor which browser they use."""
        return {**Act.params(self), "browser": "", "ip": "", "time_zone": ""}


def by_administrator(act: Written[CompanyAct, P, T]) -> CalledByCompany[P, T | None]:
    """Open an account, by its id, for an administrator of its company; the account's history names them.

    Whoever administers another company, or none, is refused as for an account that isn't there. Nobody answers for
    themselves, nor in a session in which nothing was proven lately.
    """

    @wraps(act)
    async def opened(
        services: Services, client: Client, asked: CompanyRequest, /, *args: P.args, **more: P.kwargs
    ) -> Step[T | None]:
        entered = await _enter(services, asked.holder)
        async with named_account(services, asked.account_id) as work:
            if entered is None:
                return visitor(work, services, client).refuse(Refusal.NOT_YOUR_COMPANY)
            administrator, session = entered
            answering = _company_act(work, services, client, administrator=administrator, session=session, asked=asked)
            own = administrator.bars(work.account.account_id, work.account.membership)
            refusal = own or may_answer(session, answering.now, fresh_for=answering.limits.fresh_for)
            return answering.refuse(refusal) if refusal else await act(answering, *args, **more)

    return opened


async def _enter(services: Services, holder: Ticket) -> tuple[Administrator, Session] | None:
    """Find the administrator whose session this is, as their account is now."""
    found = await services.reads.session(holder.account_id, holder.id)
    if found is None:
        return None
    session, account, _ = found
    keys = services.secrets.fingerprints(KeyedHash.SESSION, holder.token)
    administrator, idle_for = administrator_of(account), services.rules.limits.idle_for
    is_held = session.is_held_by(keys, now=services.clock.now(), idle_for=idle_for)
    return (administrator, session) if administrator and is_held else None


def _company_act(
    work: UnitOfWork,
    services: Services,
    client: Client,
    *,
    administrator: Administrator,
    session: Session,
    asked: CompanyRequest,
) -> CompanyAct:
    account_id, session_id, factor = administrator.account_id, session.session_id, session.factor
    return CompanyAct(
        services=services,
        limits=services.rules.limits,
        client=client,
        work=work,
        now=services.clock.now(),
        actor=Actor.COMPANY,
        evidence=Evidence.company(account_id=account_id, session_id=session_id, factor=factor),
        subject=asked.subject,
        administrator=administrator,
    )
