"""Acts of applications on what a person has granted them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from renumber.domain.actor import Actor
from renumber.domain.evidence import Evidence
from renumber.domain.oidc.grant import AccessToken, Grant
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Session, Ticket
from renumber.flows.act import Act, Called, Written, visitor
from renumber.flows.named_account import named_account
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.services import Client, Services
from renumber.policies.joins import Application

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown:
    """An application, already proven, the code or token that it shows, and the key that it has proven, if any."""

    application: Application
    ticket: Ticket
    jkt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAct(Act):
    """An act of an application on a grant of its own or of another; whose it is, the grant judges."""

    application: Application
    ticket: Ticket
    jkt: str
    grant: Grant

    async def lives(self) -> bool:
        """Tell whether what the grant gave may still be used."""
        session = None if self.grant.is_offline else await self.work.load(Session, self.grant.session_id)
        return self.grant.is_live(self.now, session=session, account=self.account)


def by_client(
    find: Callable[[UnitOfWork, Ticket], Awaitable[Grant | None]],
) -> Callable[[Written[ClientAct, P, T]], Called[Shown, P, T | None]]:
    """Open the account that a code or token names, for an application; `find` leads from there to the grant."""

    def opening(act: Written[ClientAct, P, T]) -> Called[Shown, P, T | None]:
        @wraps(act)
        async def opened(
            services: Services, client: Client, shown: Shown, /, *args: P.args, **more: P.kwargs
        ) -> Step[T | None]:
            async with named_account(services, shown.ticket.account_id) as work:
                grant = await find(work, shown.ticket)
                if grant is None:
                    return visitor(work, services, client).refuse(Refusal.GRANT_NOT_VALID)
                return await act(_client_act(work, services, client, shown=shown, grant=grant), *args, **more)

        return opened

    return opening


def _client_act(work: UnitOfWork, services: Services, client: Client, *, shown: Shown, grant: Grant) -> ClientAct:
    return ClientAct(
        services=services,
        limits=services.rules.limits,
        client=client,
        work=work,
        now=services.clock.now(),
        actor=Actor.CLIENT,
        evidence=Evidence.client(client_id=shown.application.client_id),
        subject=grant.grant_id,
        application=shown.application,
        ticket=shown.ticket,
        jkt=shown.jkt,
        grant=grant,
    )


async def by_grant(work: UnitOfWork, ticket: Ticket) -> Grant | None:
    """Find the grant that a code or a refresh token names."""
    return await work.load(Grant, ticket.id)


async def by_any_token(work: UnitOfWork, ticket: Ticket) -> Grant | None:
    """Find the grant behind an access token or a refresh token."""
    token = await work.load(AccessToken, ticket.id)
    return await work.load(Grant, token.grant_id if token else ticket.id)
