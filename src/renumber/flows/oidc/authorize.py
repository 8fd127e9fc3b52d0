"""The way of a request through sign-in and consent to a code."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from renumber.domain.facts import Fact
from renumber.domain.oidc.grant import Consent, Grant
from renumber.domain.oidc.request import AuthorizationRequest, Prompt
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Ticket
from renumber.flows.act import SessionAct, in_session
from renumber.flows.ports.oidc import KeptRequest
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Client, Services
from renumber.flows.views import Visit
from renumber.policies.joins import Application
from renumber.policies.oidc.assurance import acr_of, amr_of
from renumber.policies.oidc.lifetimes import CODE_FOR, REFRESH_FOR, REQUEST_FOR
from renumber.policies.oidc.onward import Failure, Onward, Present, onward
from renumber.policies.oidc.request import Addressed, Mistake, Params, addressed, read_request

PUSHED = "urn:ietf:params:oauth:request_uri:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that was checked, and the application that asks; its id, if it is kept."""

    request: AuthorizationRequest
    application: Application
    request_id: str = ""


async def read(services: Services, params: Params) -> Asked | Mistake:
    """Check what an application asks for through the browser."""
    to = addressed(params, services.joins.current())
    if isinstance(to, Mistake):
        return to
    if to.application.must_push:
        return to.mistake("invalid_request", "The application has to push its requests (RFC 9126).")
    return await _read(services, to, params)


async def read_pushed(services: Services, params: Params) -> Asked | Mistake:
    """Check what an application asks for in the back, where it has proven itself."""
    to = addressed(params, services.joins.current())
    return to if isinstance(to, Mistake) else await _read(services, to, params)


async def _read(services: Services, to: Addressed, params: Params) -> Asked | Mistake:
    subject = await _hinted(services, to, params.get("id_token_hint", ("",))[0])
    if subject is None:
        return to.mistake("invalid_request", "The id_token_hint is no ID token of ours for this application.")
    request = read_request(to, params, services.clock.now(), subject=subject)
    return request if isinstance(request, Mistake) else Asked(request=request, application=to.application)


async def _hinted(services: Services, to: Addressed, hint: str) -> str | None:
    """The account that an ID token names, also an expired one; None if it wasn't given to this application."""
    if not hint:
        return ""
    claims = await services.signed_tokens.read(hint) or {}
    return claims.get("sub") if claims.get("aud") == to.application.client_id else None


async def keep(services: Services, asked: Asked, kept_for: timedelta) -> str:
    """Keep a request that its application has pushed, and give the id that names it."""
    kept = KeptRequest(services.secrets.new_id(), asked.request, services.clock.now() + kept_for)
    await services.requests.keep(kept)
    return kept.request_id


async def admit(services: Services, client: Client, asked: Asked) -> tuple[str, datetime | None]:
    """Keep a request that a browser brings, and give its id; or say when the next is taken, since anybody can ask."""
    now = services.clock.now()
    kept = KeptRequest(services.secrets.new_id(), asked.request, now + REQUEST_FOR)
    counted = services.secrets.fingerprints(KeyedHash.REQUESTS_FROM_IP, client.place)
    return kept.request_id, await services.requests.admit(kept, counted, now)


async def pushed(services: Services, request_uri: str, client_id: str) -> Asked | Mistake:
    """Take, once, a request that the application itself has pushed (RFC 9126 4)."""
    request_id = request_uri.removeprefix(PUSHED)
    asked = await find(services, request_id) if request_uri != request_id else None
    if asked is None or asked.application.client_id != client_id or not await services.requests.drop(request_id):
        return Mistake(error="invalid_request_uri", description="There is no such pushed request.")
    return replace(asked, request_id="")


async def find(services: Services, request_id: str) -> Asked | None:
    """Find a request that is still to be answered, unless its application or its address was removed meanwhile."""
    request = await services.requests.find(request_id, services.clock.now())
    application = services.joins.current().application(request.client_id) if request else None
    if request is None or application is None or request.redirect_uri not in application.redirect_uris:
        return None
    return Asked(request=request, application=application, request_id=request_id)


async def due(services: Services, asked: Asked, visit: Visit | None) -> Onward | Failure:
    """Judge what comes next in this browser."""
    if visit is None:
        return onward(asked.request, asked.application, None)
    consent, application = None, asked.application
    if application.is_foreign:
        consent = await services.tokens.consent(visit.account.account_id, application.client_id)
    present = Present(
        session=visit.session,
        account=visit.account,
        has_consented=_has_consented(asked, consent),
        methods=services.rules.methods,
    )
    return onward(asked.request, application, present)


def _has_consented(asked: Asked, consent: Consent | None) -> bool:
    """A word from before counts, unless the application wants to hear it again."""
    request = asked.request
    if consent is None or not consent.covers(request.scopes):
        return False
    return Prompt.CONSENT not in request.prompts or consent.given_at >= request.asked_at


@in_session
async def give_code(act: SessionAct, asked: Asked) -> Step[Ticket | None]:
    """Give the application a code, if nothing else is due: judged again now that the account is locked."""
    request, application = asked.request, asked.application
    consent = await act.work.load(Consent, application.client_id) if application.is_foreign else None
    present = Present(
        session=act.session,
        account=act.account,
        has_consented=_has_consented(asked, consent),
        methods=act.services.rules.methods,
    )
    acr = acr_of(act.session)
    if onward(request, application, present) is not Onward.CODE or acr is None:
        return act.refuse(Refusal.NOT_NOW)
    secrets = act.services.secrets
    code = Ticket(act.account.account_id, secrets.new_id(), secrets.new_id())
    act.keep(_grant(act, request, code, acr=acr))
    to_client = replace(act, subject=code.id, evidence=act.evidence.with_client(application.client_id))
    return to_client.done(code, Fact.GRANT_GIVEN)


def _grant(act: SessionAct, request: AuthorizationRequest, code: Ticket, *, acr: str) -> Grant:
    session, is_offline = act.session, request.wants_offline_access
    return Grant(
        account_id=code.account_id,
        grant_id=code.id,
        client_id=request.client_id,
        session_id=session.session_id,
        is_offline=is_offline,
        redirect_uri=request.redirect_uri,
        challenge=request.challenge,
        jkt=request.jkt,
        nonce=request.nonce,
        scopes=request.scopes,
        id_token_claims=request.id_token_claims,
        userinfo_claims=request.userinfo_claims,
        acr=acr,
        amr=amr_of(session),
        authenticated_at=session.authenticated_at,
        code_key=act.services.secrets.fingerprints(KeyedHash.AUTHORIZATION_CODE, code.token)[0],
        code_expires_at=act.now + CODE_FOR,
        given_at=act.now,
        expires_at=act.now + REFRESH_FOR if is_offline else session.expires_at,
    )


@in_session
async def agree(act: SessionAct, asked: Asked) -> Step[Consent]:
    """Remember that this application may learn what it asks for."""
    client_id, scopes = asked.application.client_id, asked.request.scopes
    consent = await act.work.load(Consent, client_id) or Consent(
        account_id=act.account.account_id, client_id=client_id, scopes=frozenset(), given_at=act.now
    )
    to_client = replace(act, subject=client_id, evidence=act.evidence.with_client(client_id))
    return to_client.carry_out(consent.widen(scopes, act.now))
