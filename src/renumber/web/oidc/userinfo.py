"""The user-info endpoint (OpenID Connect Core 5.3), with bearer tokens (RFC 6750) and such as are bound to a key."""

from litestar.response.base import ASGIResponse

from renumber.flows.oidc.access import user_info
from renumber.web.api.bearer import BEARER, ShownToken, TokenFault, access_of, challenges, nonce_for, shown_token
from renumber.web.api.sharing import Origins
from renumber.web.oidc.call import NOT_KEPT, Headers, OAuthCall, one
from renumber.web.oidc.routes import OAuthRoutes

routes = OAuthRoutes()
REALM = "oauth"


@routes.answers("GET POST", "/oauth/userinfo", Origins.OF_PUBLIC_APPLICATIONS)
async def show_user_info(call: OAuthCall) -> ASGIResponse:
    """Say of the person what the token allows."""
    tokens = await _tokens(call)
    if len(tokens) != 1:
        return _refuse(call, 400, error="invalid_request") if tokens else _refuse(call, 401)
    [shown] = tokens
    access = await access_of(call.request, call.client, shown)
    if isinstance(access, TokenFault):
        return _refuse(call, 401, way=shown.way, error=access, more=nonce_for(call.request, access))
    if "openid" not in access.token.scopes:
        return _refuse(call, 403, way=shown.way, error="insufficient_scope")
    return call.say(user_info(call.services, access))


async def _tokens(call: OAuthCall) -> list[ShownToken]:
    """Read tokens from header and form; an address is no place for one (RFC 9700 4.3.2)."""
    form = await call.form() if call.request.is_post else None
    posted = one(form, "access_token") if form else ""
    in_form = ShownToken(BEARER, posted) if posted else None
    return [each for each in (shown_token(call.request), in_form) if each]


def _refuse(call: OAuthCall, status: int, *, way: str = BEARER, error: str = "", more: Headers = ()) -> ASGIResponse:
    """Say by the headers what is wrong; a call without any token hears only how to ask (RFC 6750 3.1)."""
    headers = (*NOT_KEPT, *challenges(REALM, way=way, error=f'error="{error}"' if error else ""), *more)
    return call.say({"error": error} if error else {}, status=status, headers=headers)
