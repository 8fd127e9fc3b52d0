"""Pushed authorization requests (RFC 9126): asked for in the back, so that nothing of it passes through the browser."""

from litestar.response.base import ASGIResponse

from renumber.flows.oidc import authorize
from renumber.flows.oidc.key_proof import NO_KEY, ProvenKey
from renumber.policies.oidc.lifetimes import PUSHED_FOR
from renumber.policies.oidc.request import Mistake
from renumber.web.oidc.call import OAuthCall, one
from renumber.web.oidc.routes import OAuthRoutes

routes = OAuthRoutes()


@routes.answers("POST", "/oauth/par")
async def push(call: OAuthCall) -> ASGIResponse:
    """Check a request and keep it, for an application that has proven itself."""
    form = await call.form()
    if form is None or "request_uri" in form:
        return call.error("invalid_request", "The body is no form, or names a request in place of being one.")
    application = await call.application(form)
    if application is None:
        return call.not_authenticated()
    key = await call.proven_key(application)
    if not isinstance(key, ProvenKey):
        return key
    if key != NO_KEY and one(form, "dpop_jkt") not in ("", key.jkt):
        return call.not_proven()
    bound = {"dpop_jkt": [key.jkt]} if key != NO_KEY else {}
    asked = await authorize.read_pushed(call.services, {**form, **bound, "client_id": [application.client_id]})
    if isinstance(asked, Mistake):
        return call.error(asked.error, asked.description)
    request_id = await authorize.keep(call.services, asked, PUSHED_FOR)
    said = {"request_uri": f"{authorize.PUSHED}{request_id}", "expires_in": int(PUSHED_FOR.total_seconds())}
    return call.say(said, status=201)
