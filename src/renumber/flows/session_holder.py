"""Whoever holds a session: the browser with its cookie, or an application with a token that was given in it."""

from dataclasses import dataclass

from renumber.domain.oidc.grant import AccessToken, Grant
from renumber.domain.session import Session, Ticket
from renumber.flows.ports.oidc import Access
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.services import Services


@dataclass(frozen=True, slots=True)
class Bearer:
    """An application that shows an access token of a person's (RFC 6750)."""

    client_id: str
    ticket: Ticket

    @property
    def account_id(self) -> str:
        """The account that the token names."""
        return self.ticket.account_id


Holder = Ticket | Bearer


async def held_session(work: UnitOfWork, services: Services, holder: Holder) -> Session | None:
    """Load the session that a cookie or a token stands for, if it still holds."""
    if work.account.is_frozen:
        return None
    if isinstance(holder, Bearer):
        return await _by_token(work, services, holder)
    session = await work.load(Session, holder.id)
    keys = services.secrets.fingerprints(KeyedHash.SESSION, holder.token)
    now, idle_for = services.clock.now(), services.rules.limits.idle_for
    return session if session and session.is_held_by(keys, now=now, idle_for=idle_for) else None


async def _by_token(work: UnitOfWork, services: Services, bearer: Bearer) -> Session | None:
    """Judge a token again now that the account is locked; an idle session lets it read, and do nothing."""
    token = await work.load(AccessToken, bearer.ticket.id)
    grant = await work.load(Grant, token.grant_id) if token else None
    session = await work.load(Session, grant.session_id) if grant else None
    if token is None or grant is None or session is None or grant.client_id != bearer.client_id:
        return None
    keys, now = services.secrets.fingerprints(KeyedHash.ACCESS_TOKEN, bearer.ticket.token), services.clock.now()
    access = Access(token=token, grant=grant, session=session, account=work.account)
    holds = access.is_live(keys, now) and session.is_live(now, services.rules.limits.idle_for)
    return session.as_shown_at(grant.authenticated_at, given_at=grant.given_at) if holds else None
