"""A person at an application, as far as its token shows them."""

from renumber.flows.ports.oidc import Access
from renumber.flows.services import Services
from renumber.flows.views import Visit, visit_in


async def find_visit_by_token(services: Services, access: Access) -> Visit | None:
    """Find the session behind a token that lives; none where only the permission to stay away has outlived it."""
    found = await services.reads.session(access.grant.account_id, access.grant.session_id)
    if found is None:
        return None
    session, account, change = found
    now = services.clock.now()
    if account.is_frozen or session.ended_at is not None or now >= session.expires_at:
        return None
    shown = session.as_shown_at(access.grant.authenticated_at, given_at=access.grant.given_at)
    return visit_in(services, shown, of=account, change=change, now=now)
