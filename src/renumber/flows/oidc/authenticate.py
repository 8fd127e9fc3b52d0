"""The proof that an application is the one that it says: a secret, a signature, or none where it can keep nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from renumber.flows.oidc.once import SignedOnce, is_first
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Client, Services
from renumber.policies.joins import Application
from renumber.policies.oidc.lifetimes import ASSERTION_FOR, SKEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who an application says it is, and by what (RFC 6749 2.3, RFC 7523 2.2); `endpoint` is where it says so."""

    client_id: str
    secret: str | None = field(default=None, repr=False)
    assertion: str | None = field(default=None, repr=False)
    endpoint: str = ""


async def authenticate(services: Services, client: Client, given: Credentials) -> Application | None:
    """Find the application, if it has proven itself by the means that it was entered with, and by no other."""
    application = services.joins.current().application(given.client_id)
    if application is None or (given.secret is not None and given.assertion is not None):
        return None
    if application.jwks:
        return application if await _has_signed(services, client, application, given=given) else None
    if given.assertion is not None:
        return None
    if application.is_public:
        return application if given.secret is None else None
    digest = hashlib.sha256((given.secret or "").encode()).digest()
    return application if application.has_secret(digest) else None


async def _has_signed(services: Services, client: Client, application: Application, *, given: Credentials) -> bool:
    claims = services.signed_tokens.verified(given.assertion or "", application.jwks)
    addressed_to = {services.rules.base_url, f"{services.rules.base_url}/oauth/token", given.endpoint}
    if claims is None or not _holds(claims, application.client_id, services.clock.now(), addressed_to=addressed_to):
        return False
    about = f"{application.client_id}\x1f{claims['jti']}"
    return await is_first(services, client, SignedOnce(about, KeyedHash.ASSERTION_SPENT, ASSERTION_FOR + 2 * SKEW))


def _holds(claims: Mapping[str, object], client_id: str, now: datetime, *, addressed_to: set[str]) -> bool:
    """Judge an assertion (RFC 7523 3): its own, for us, young, and one of a kind."""
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    is_own = claims.get("iss") == client_id == claims.get("sub")
    is_for_us = any(each in addressed_to for each in several if isinstance(each, str))
    until, jti = claims.get("exp"), claims.get("jti")
    if not (is_own and is_for_us and isinstance(jti, str) and jti and isinstance(until, int | float)):
        return False
    is_young = (now - SKEW).timestamp() < until <= (now + ASSERTION_FOR + SKEW).timestamp()
    return is_young and _has_begun(claims, now)


def _has_begun(claims: Mapping[str, object], now: datetime) -> bool:
    begins = [claims.get(name, 0) for name in ("iat", "nbf")]
    return all(isinstance(each, int | float) and each <= (now + SKEW).timestamp() for each in begins)
