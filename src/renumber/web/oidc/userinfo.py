"""The user-info endpoint (OpenID Connect Core 5.3), with bearer tokens (RFC 6750) and such as are bound to a key."""

from litestar.response.base import ASGIResponse

from renumber.flows.oidc.access import find_access, user_info
from renumber.flows.oidc.key_proof import NO_KEY, spend_key_proof
from renumber.policies.oidc.algorithms import STRICT_ALGORITHMS
from renumber.web.oidc.call import NOT_KEPT, OAuthCall, one
from renumber.web.oidc.routes import OAuthRoutes, Origins

routes = OAuthRoutes()

BEARER, DPOP = "bearer", "dpop"
_REALM = 'realm="oauth"'
_WAYS = {BEARER: f"Bearer {_REALM}", DPOP: f'DPoP {_REALM}, algs="{" ".join(STRICT_ALGORITHMS)}"'}


@routes.answers("GET POST", "/oauth/userinfo", Origins.OF_PUBLIC_APPLICATIONS)
async def show_user_info(call: OAuthCall) -> ASGIResponse:
    """Say of the person what the token allows."""
    shown = await _tokens(call)
    if len(shown) != 1:
        return _refuse(call, 400, error="invalid_request") if shown else _refuse(call, 401)
    [(way, token)] = shown
    key = call.key_proof(token) if way == DPOP else NO_KEY
    if key is None or (way == DPOP and key == NO_KEY):
        return _refuse(call, 401, way=way, error="invalid_dpop_proof")
    access = await find_access(call.services, token, key.jkt)
    if access is None:
        return _refuse(call, 401, way=way, error="invalid_token")
    call.request.served.account_id = access.account.account_id
    if not await spend_key_proof(call.services, call.client, key):
        return _refuse(call, 401, way=way, error="invalid_dpop_proof")
    if "openid" not in access.token.scopes:
        return _refuse(call, 403, way=way, error="insufficient_scope")
    return call.say(user_info(call.services, access))


async def _tokens(call: OAuthCall) -> list[tuple[str, str]]:
    """Read tokens, and how they are shown, from header and form; an address is no place for one (RFC 9700 4.3.2)."""
    scheme, _, token = call.request.header("authorization").partition(" ")
    form = await call.form() if call.request.is_post else None
    posted = one(form, "access_token") if form else ""
    way = scheme.lower()
    return [each for each in ((way, token.strip() if way in _WAYS else ""), (BEARER, posted)) if each[1]]


def _refuse(call: OAuthCall, status: int, *, way: str = BEARER, error: str = "") -> ASGIResponse:
    """Say by the headers what is wrong; a call without any token hears only how to ask (RFC 6750 3.1, RFC 9449 7.1)."""
    wrong = f', error="{error}"' if error else ""
    first, *others = sorted(_WAYS, key=lambda each: each != way)
    said = [f"{_WAYS[first]}{wrong}", *(_WAYS[each] for each in others)]
    headers = (*NOT_KEPT, *(("www-authenticate", each) for each in said))
    return call.say({"error": error} if error else {}, status=status, headers=headers)
