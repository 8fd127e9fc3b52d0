"""Access tokens that requests show, as bearer tokens or with the proof of a key: the one place that judges them."""

from dataclasses import dataclass, field
from enum import StrEnum

from renumber.flows.oidc.access import find_access
from renumber.flows.oidc.key_proof import NO_KEY, ProvenKey, lacks_nonce, newest_nonce, read_key_proof, spend_key_proof
from renumber.flows.ports.oidc import Access
from renumber.flows.services import Client
from renumber.policies.oidc.algorithms import STRICT_ALGORITHMS
from renumber.policies.oidc.key_proof import ProvenCall
from renumber.web.request import WebRequest

BEARER, DPOP = "bearer", "dpop"
NONCE = "dpop-nonce"


class TokenFault(StrEnum):
    """A fault of a token, as the challenge names it (RFC 6750 3.1, RFC 9449 7.1 and 9)."""

    TOKEN = "invalid_token"  # noqa: S105 - an error
    PROOF = "invalid_dpop_proof"
    NONCE = "use_dpop_nonce"


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A token, and the way in which it is shown."""

    way: str
    token: str = field(repr=False)


def shown_token(request: WebRequest) -> ShownToken | None:
    """Read the token of the header (RFC 6750 2.1, RFC 9449 7.1), if there is one."""
    scheme, _, token = request.header("authorization").partition(" ")
    is_read = scheme.lower() in {BEARER, DPOP} and token.strip()
    return ShownToken(scheme.lower(), token.strip()) if is_read else None


async def access_of(request: WebRequest, client: Client, shown: ShownToken) -> Access | TokenFault:
    """Find what a token opens, if this request may show it; whose it is is noted.

    One that is bound to a key opens nothing without a proof of that key for this very call, which is taken once.
    """
    services = request.site.services
    key = read_proof(request, shown.token) if shown.way == DPOP else NO_KEY
    if key is None or (shown.way == DPOP and key == NO_KEY):
        return TokenFault.PROOF
    access = await find_access(services, shown.token, key.jkt)
    if access is None:
        return TokenFault.TOKEN
    request.served.account_id = access.account.account_id
    if lacks_nonce(services, services.joins.current().application(access.grant.client_id), key):
        return TokenFault.NONCE
    return access if await spend_key_proof(services, client, key) else TokenFault.PROOF


def nonce_for(request: WebRequest, fault: TokenFault) -> list[tuple[str, str]]:
    """Give the header with the nonce that a proof has to be made with, where that is what was wrong (RFC 9449 9)."""
    return [(NONCE, newest_nonce(request.site.services))] if fault is TokenFault.NONCE else []


def read_proof(request: WebRequest, token: str = "") -> ProvenKey | None:
    """Read the proof of a key that comes with this call and token: `NO_KEY` for none, None for one of no use."""
    http, site = request.http, request.site
    call = ProvenCall(method=http.method, uri=f"{site.base_url}{http.url.path}", token=token)
    return read_key_proof(site.services, http.headers.getall("dpop", []), call)


def challenges(realm: str, *, way: str = BEARER, error: str = "") -> list[tuple[str, str]]:
    """Say by headers how to ask, and what was wrong with the way that was taken."""
    ways = {BEARER: f'Bearer realm="{realm}"', DPOP: f'DPoP realm="{realm}", algs="{" ".join(STRICT_ALGORITHMS)}"'}
    wrong = f", {error}" if error else ""
    first, *others = sorted(ways, key=lambda each: each != way)
    said = [f"{ways[first]}{wrong}", *(ways[each] for each in others)]
    return [("www-authenticate", each) for each in said]
