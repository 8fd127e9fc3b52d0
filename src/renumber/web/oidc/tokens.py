"""The token endpoint (RFC 6749 3.2): a code or a refresh token in, tokens out."""

import re

from litestar.response.base import ASGIResponse

from renumber.domain.oidc.grant import Redemption
from renumber.domain.outcomes import Step
from renumber.domain.session import Ticket
from renumber.flows.oidc import tokens
from renumber.flows.oidc.client import Shown
from renumber.flows.oidc.key_proof import NO_KEY, ProvenKey
from renumber.flows.oidc.tokens import Issued
from renumber.policies.joins import Application
from renumber.policies.oidc.key_proof import s256
from renumber.policies.oidc.lifetimes import ACCESS_FOR
from renumber.web.api.sharing import Origins
from renumber.web.oidc.call import OAuthCall, Params, is_repeated, one, token_type
from renumber.web.oidc.routes import OAuthRoutes

routes = OAuthRoutes()

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)  # RFC 7636 4.1


@routes.answers("POST", "/oauth/token", Origins.OF_PUBLIC_APPLICATIONS)
async def give_tokens(call: OAuthCall) -> ASGIResponse:
    """Exchange what an application shows for tokens."""
    form = await call.form()
    if form is None or is_repeated(form):
        return call.error("invalid_request", "The body is no form, or a parameter stands there twice.")
    application = await call.application(form)
    if application is None:
        return call.not_authenticated()
    key = await call.proven_key(application)
    if not isinstance(key, ProvenKey):
        return key
    if application.must_prove_key and key == NO_KEY:
        return call.not_proven()
    match one(form, "grant_type"):
        case "authorization_code":
            return await _redeem(call, form, application, key=key)
        case "refresh_token":
            return await _refresh(call, form, application, key=key)
        case "":
            return call.error("invalid_request", "The grant_type is missing.")
    return call.error("unsupported_grant_type", "The grant_type is authorization_code or refresh_token.")


async def _redeem(call: OAuthCall, form: Params, application: Application, *, key: ProvenKey) -> ASGIResponse:
    ticket = Ticket.read(one(form, "code"))
    verifier = one(form, "code_verifier")
    if ticket is None or (verifier and not _VERIFIER.fullmatch(verifier)):
        return call.error("invalid_grant", "The code or its verifier is none of ours.")
    code = Redemption(
        client_id=application.client_id, redirect_uri=one(form, "redirect_uri"), challenge=challenge_of(verifier)
    )
    shown = Shown(application, ticket, key.jkt)
    return await _answer(call, await tokens.redeem(call.services, call.client, shown, code))


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636 4.2); none of none, so that neither is given without the other."""
    return s256(verifier) if verifier else ""


async def _refresh(call: OAuthCall, form: Params, application: Application, *, key: ProvenKey) -> ASGIResponse:
    ticket, scopes = Ticket.read(one(form, "refresh_token")), frozenset(one(form, "scope").split())
    if ticket is None:
        return call.error("invalid_grant", "The refresh_token is none of ours.")
    shown = Shown(application, ticket, key.jkt)
    return await _answer(call, await tokens.refresh(call.services, call.client, shown, scopes))


async def _answer(call: OAuthCall, step: Step[Issued | None]) -> ASGIResponse:
    call.request.served.refusal = step.refusal
    if step.state is None:
        return call.error("invalid_grant", "What was shown is not valid, or not valid any more.")
    issued = step.state
    call.request.served.account_id = issued.account.account_id
    said: dict[str, object] = {
        "access_token": issued.access_token,
        "token_type": token_type(issued.jkt),
        "expires_in": int(ACCESS_FOR.total_seconds()),
        "scope": " ".join(sorted(issued.scopes)),
        "id_token": await tokens.id_token(call.services, issued),
    }
    return call.say({**said, **({"refresh_token": issued.refresh_token} if issued.refresh_token else {})})
