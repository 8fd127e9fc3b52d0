"""The proof that an application is the one that it says: a secret, a signature, or none where it can keep nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from renumber.flows.oidc.once import SignedOnce, is_first
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Client, Services
from renumber.policies.joins import Application, Profile
from renumber.policies.oidc.algorithms import SIGNATURE_ALGORITHMS, STRICT_ALGORITHMS
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
    is_strict = application.profile is Profile.FAPI2
    algorithms = STRICT_ALGORITHMS if is_strict else SIGNATURE_ALGORITHMS
    claims = services.signed_tokens.verified(given.assertion or "", application.jwks, algorithms)
    if claims is None or not _is_for_us(
        claims.get("aud"), services.rules.base_url, "" if is_strict else given.endpoint
    ):
        return False
    if not _holds(claims, application.client_id, services.clock.now()):
        return False
    about = f"{application.client_id}\x1f{claims['jti']}"
    return await is_first(services, client, SignedOnce(about, KeyedHash.ASSERTION_SPENT, ASSERTION_FOR + 2 * SKEW))


def _is_for_us(audience: object, issuer: str, endpoint: str) -> bool:
    """True if it is addressed to us; without an `endpoint` to us as issuer alone, as one text (FAPI 2.0 5.3.2.1).

    Whoever takes another audience may be shown what was signed for somebody else.
    """
    if not endpoint:
        return audience == issuer
    several = audience if isinstance(audience, list) else [audience]
    return any(each in (issuer, f"{issuer}/oauth/token", endpoint) for each in several)


def _holds(claims: Mapping[str, object], client_id: str, now: datetime) -> bool:
    """Judge an assertion (RFC 7523 3): its own, young, and one of a kind."""
    is_own = claims.get("iss") == client_id == claims.get("sub")
    until, jti = claims.get("exp"), claims.get("jti")
    if not (is_own and isinstance(jti, str) and jti and isinstance(until, int | float)):
        return False
    is_young = (now - SKEW).timestamp() < until <= (now + ASSERTION_FOR + SKEW).timestamp()
    return is_young and _has_begun(claims, now)


def _has_begun(claims: Mapping[str, object], now: datetime) -> bool:
    begins = [claims.get(name, 0) for name in ("iat", "nbf")]
    return all(isinstance(each, int | float) and each <= (now + SKEW).timestamp() for each in begins)
