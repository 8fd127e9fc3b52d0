"""Tokens for a code, and new ones for a refresh token."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.oidc.grant import AccessToken, Grant, Redemption
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Ticket
from renumber.flows.oidc.client import ClientAct, by_client, by_grant
from renumber.flows.oidc.refresh_token import MOST, generation_of, refresh_token
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Services
from renumber.policies.joins import Application
from renumber.policies.oidc.claims import allowed_claims, claims_of
from renumber.policies.oidc.lifetimes import ACCESS_FOR, ID_TOKEN_FOR, REFRESH_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """Tokens that were given just now; a refresh token only for what outlasts the session."""

    grant: Grant
    account: Account
    application: Application
    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    jkt: str = ""
    scopes: frozenset[str]
    at: datetime
    nonce: str = field(default="", repr=False)


@by_client(by_grant)
async def redeem(act: ClientAct, shown: Redemption) -> Step[Issued | None]:
    """Exchange a code for tokens."""
    keys = act.services.secrets.fingerprints(KeyedHash.AUTHORIZATION_CODE, act.ticket.token)
    return await _issue(act, act.grant.redeem(keys, shown, act.now), act.grant.scopes, nonce=act.grant.nonce)


@by_client(by_grant)
async def refresh(act: ClientAct, scopes: frozenset[str]) -> Step[Issued | None]:
    """Exchange a refresh token for new tokens, of these scopes or, where none are named, of all that were granted."""
    generation, client_id = generation_of(act.services.secrets, act.grant, act.ticket.token), act.application.client_id
    step = act.grant.refresh(generation, client_id=client_id, now=act.now, renewed_for=REFRESH_FOR)
    return await _issue(act, step, act.grant.scopes & scopes if scopes else act.grant.scopes)


async def _issue(act: ClientAct, step: Step[Grant], scopes: frozenset[str], *, nonce: str = "") -> Step[Issued | None]:
    if step.refusal:
        act.keep(*([step.state] if step.facts else []))
        return act.refuse(step.refusal, facts=step.facts)
    if not act.grant.is_held_with(act.jkt) or not await act.lives():
        return act.refuse(Refusal.GRANT_NOT_VALID)
    token, shown = _access_token(act, scopes)
    grant, refresh_token = _renewed(act, step.state)
    act.keep(grant, token)
    issued = Issued(
        grant=grant,
        account=act.account,
        application=act.application,
        access_token=shown.text,
        refresh_token=refresh_token,
        jkt=token.jkt,
        scopes=scopes,
        at=act.now,
        nonce=nonce,
    )
    return act.done(issued, *step.facts)


def _access_token(act: ClientAct, scopes: frozenset[str]) -> tuple[AccessToken, Ticket]:
    secrets = act.services.secrets
    shown = Ticket(act.account.account_id, secrets.new_id(), secrets.new_id())
    token = AccessToken(
        account_id=shown.account_id,
        token_id=shown.id,
        grant_id=act.grant.grant_id,
        token_key=secrets.fingerprints(KeyedHash.ACCESS_TOKEN, shown.token)[0],
        scopes=scopes,
        jkt=act.jkt,
        issued_at=act.now,
        expires_at=act.now + ACCESS_FOR,
    )
    return token, shown


def _renewed(act: ClientAct, redeemed: Grant) -> tuple[Grant, str]:
    """Give another refresh token with every use (RFC 9700 4.14.2), where there is one at all.

    That of a public application is for the key that it has proven. Any other proves itself, and may change its key
    (RFC 9449 5).
    """
    grant = redeemed.bound_to(act.jkt if act.application.is_public else "")
    is_given = grant.generation > 0 and (act.application.keeps_refresh_token or grant.generation >= MOST)
    if is_given or not grant.is_offline:
        return grant, ""
    renewed = grant.with_next_refresh_token()
    return renewed, refresh_token(act.services.secrets, renewed).text


async def id_token(services: Services, issued: Issued) -> str:
    """Sign who has signed in, when and how (OpenID Connect Core 2)."""
    return await services.signed_tokens.sign(_claims(services, issued), issued.application.id_token_signed_response_alg)


def _claims(services: Services, issued: Issued) -> Mapping[str, object]:
    grant, limits = issued.grant, services.rules.limits
    names = allowed_claims(frozenset(), issued.application.scopes, grant.id_token_claims)
    return {
        **claims_of(issued.account, names, issued.at, hold_for=limits.hold_for),
        "iss": services.rules.base_url,
        "sub": grant.account_id,
        "aud": grant.client_id,
        "exp": int((issued.at + ID_TOKEN_FOR).timestamp()),
        "iat": int(issued.at.timestamp()),
        "auth_time": int(grant.authenticated_at.timestamp()),
        "acr": grant.acr,
        "amr": list(grant.amr),
        "sid": grant.session_id,
        "at_hash": half_hash(issued.access_token),
        **({"nonce": issued.nonce} if issued.nonce else {}),
    }


def half_hash(text: str) -> str:
    """The left half of the SHA-256, by which an ID token vouches for another value (OpenID Connect Core 3.1.3.6)."""
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()
