"""Looking at tokens, and ending them: revocation (RFC 7009) and introspection (RFC 7662)."""

from litestar.response.base import ASGIResponse

from renumber.domain.session import Ticket
from renumber.flows.oidc.access import look_at
from renumber.flows.oidc.client import Shown
from renumber.flows.oidc.end import revoke
from renumber.web.api.sharing import Origins
from renumber.web.oidc.call import OAuthCall, is_repeated, one, token_type
from renumber.web.oidc.routes import OAuthRoutes

routes = OAuthRoutes()


@routes.answers("POST", "/oauth/revoke", Origins.OF_PUBLIC_APPLICATIONS)
async def end_token(call: OAuthCall) -> ASGIResponse:
    """End a token; one that isn't the application's own is none to it, and is answered as one that is over."""
    form = await call.form()
    if form is None or is_repeated(form) or not one(form, "token"):
        return call.error("invalid_request", "The token is missing.")
    application = await call.application(form)
    if application is None:
        return call.not_authenticated()
    ticket = Ticket.read(one(form, "token"))
    if ticket:
        await revoke(call.services, call.client, Shown(application, ticket))
    return call.say({})


@routes.answers("POST", "/oauth/introspect")
async def show_token(call: OAuthCall) -> ASGIResponse:
    """Say whether an access token of the application's own still lives; of others it hears nothing."""
    form = await call.form()
    if form is None or is_repeated(form) or not one(form, "token"):
        return call.error("invalid_request", "The token is missing.")
    application = await call.application(form)
    if application is None or application.is_public:
        return call.not_authenticated()
    access = await look_at(call.services, one(form, "token"))
    if access is None or access.grant.client_id != application.client_id:
        return call.say({"active": False})
    token, grant = access.token, access.grant
    return call.say(
        {
            "active": True,
            "scope": " ".join(sorted(token.scopes)),
            "client_id": grant.client_id,
            "token_type": token_type(token.jkt),
            **({"cnf": {"jkt": token.jkt}} if token.jkt else {}),
            "iss": call.site.base_url,
            "sub": grant.account_id,
            "iat": int(token.issued_at.timestamp()),
            "exp": int(token.expires_at.timestamp()),
            "auth_time": int(grant.authenticated_at.timestamp()),
            "acr": grant.acr,
        }
    )
