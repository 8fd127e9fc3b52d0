"""Access tokens, and what the user-info endpoint says for them."""

from renumber.domain.session import Ticket
from renumber.flows.ports.oidc import Access
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Services
from renumber.policies.oidc.claims import Claims, allowed_claims, claims_of


async def find_access(services: Services, token: str, jkt: str = "") -> Access | None:
    """Find what a token opens for whoever has proven the key of this thumbprint, or none (RFC 9449 7)."""
    access = await look_at(services, token)
    return access if access and access.token.jkt == jkt else None


async def look_at(services: Services, token: str) -> Access | None:
    """Find a token, if it and all that it rests on still live, whoever shows it: judged anew with every request."""
    ticket = Ticket.read(token)
    access = await services.tokens.access(ticket.account_id, ticket.id) if ticket else None
    if ticket is None or access is None:
        return None
    keys = services.secrets.fingerprints(KeyedHash.ACCESS_TOKEN, ticket.token)
    is_known = services.joins.current().application(access.grant.client_id) is not None
    return access if is_known and access.is_live(keys, services.clock.now()) else None


def allowed_scopes(services: Services, access: Access) -> frozenset[str]:
    """The scopes of a token, as far as its application may still have them."""
    application = services.joins.current().application(access.grant.client_id)
    return access.token.scopes & application.scopes if application else frozenset()


def user_info(services: Services, access: Access) -> Claims:
    """Say of the person what the token allows (OpenID Connect Core 5.3)."""
    application = services.joins.current().application(access.grant.client_id)
    allowed = application.scopes if application else frozenset()
    names = allowed_claims(allowed_scopes(services, access), allowed, access.grant.userinfo_claims)
    now, hold_for = services.clock.now(), services.rules.limits.hold_for
    return {"sub": access.account.account_id, **claims_of(access.account, names, now, hold_for=hold_for)}
