"""Access tokens that requests show: the one place in which the web reads and judges them."""

from renumber.flows.oidc.access import find_access
from renumber.flows.ports.oidc import Access
from renumber.web.request import WebRequest


def shown_token(request: WebRequest) -> str:
    """Read the token of the header (RFC 6750 2.1), empty where there is none."""
    scheme, _, token = request.header("authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def access_of(request: WebRequest, token: str) -> Access | None:
    """Find what a token opens, if this request may show it; whose it is is noted."""
    access = await find_access(request.site.services, token)
    if access:
        request.served.account_id = access.account.account_id
    return access
