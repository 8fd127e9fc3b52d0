"""The user-info endpoint (OpenID Connect Core 5.3), with bearer tokens (RFC 6750)."""

from litestar.response.base import ASGIResponse

from renumber.flows.oidc.access import user_info
from renumber.web.api.bearer import access_of, shown_token
from renumber.web.oidc.call import NOT_KEPT, OAuthCall, one
from renumber.web.oidc.routes import OAuthRoutes, Origins

routes = OAuthRoutes()


@routes.answers("GET POST", "/oauth/userinfo", Origins.OF_PUBLIC_APPLICATIONS)
async def show_user_info(call: OAuthCall) -> ASGIResponse:
    """Say of the person what the token allows."""
    shown = await _tokens(call)
    if len(shown) > 1:
        return _refuse(call, 400, "invalid_request")
    if not shown:
        return _refuse(call, 401, "")
    access = await access_of(call.request, shown[0])
    if access is None:
        return _refuse(call, 401, "invalid_token")
    if "openid" not in access.token.scopes:
        return _refuse(call, 403, "insufficient_scope")
    return call.say(user_info(call.services, access))


async def _tokens(call: OAuthCall) -> list[str]:
    """Read tokens from the header and the form; an address is no place for one (RFC 9700 4.3.2)."""
    form = await call.form() if call.request.is_post else None
    posted = one(form, "access_token") if form else ""
    return [each for each in (shown_token(call.request), posted) if each]


def _refuse(call: OAuthCall, status: int, error: str) -> ASGIResponse:
    """Say by the header what is wrong; a call without any token hears only how to ask (RFC 6750 3.1)."""
    said = f'Bearer realm="oauth", error="{error}"' if error else 'Bearer realm="oauth"'
    headers = (*NOT_KEPT, ("www-authenticate", said))
    return call.say({"error": error} if error else {}, status=status, headers=headers)
