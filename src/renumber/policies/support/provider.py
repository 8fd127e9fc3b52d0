"""The company's identity provider: what its ID tokens must say, and the role that somebody's groups give."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from renumber.domain.email_address import EmailAddress
from renumber.domain.outcomes import Refusal
from renumber.domain.support.staff import Role
from renumber.policies.email_addresses import read_address
from renumber.policies.oidc.logout import LOGOUT_EVENT
from renumber.policies.operator.account_texts import MOST_NAME, read_name

Claims = Mapping[str, Any]
# Each judges the work of those after it, and whoever judges doesn't do what is judged.
STRONGEST_FIRST = (Role.AUDITOR, Role.ADMINISTRATOR, Role.REVIEWER, Role.AGENT)
# None that a public key could verify by mistake (RFC 8725 3.1).
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
# RFC 8176 2, without what is known (pwd, pin, kba) or can be talked out of somebody (sms, tel).
SECOND_FACTORS = ("mfa", "otp", "hwk", "swk", "pop", "sc", "fpt", "face", "iris")
MANY, WEAK = "mfa", frozenset({"sms", "tel", "kba"})
SKEW = timedelta(seconds=60)
FRESH_FOR = timedelta(minutes=10)  # an ID token answers the sign-in that has just been made
SIGN_IN_FOR = timedelta(minutes=15)
LOGOUT_GOOD_FOR = FRESH_FOR + 2 * SKEW
MOST_TOKEN_ID = 255
MOST_SUBJECT = 255  # characters, OpenID Connect Core 2
MOST_GROUPS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRules:
    """The operator's choices about the identity provider: who it is, and what its claims have to show.

    `roles` are pairs of a group and the role that it gives; a second factor is shown by `amr` or, if any are named, by
    one of the classes `acr`.
    """

    issuer: str = ""
    client_id: str = ""
    scope: str = "openid profile email"
    groups_claim: str = "groups"
    roles: tuple[tuple[str, Role], ...] = ()
    amr: tuple[str, ...] = SECOND_FACTORS
    acr: tuple[str, ...] = ()
    session_for: timedelta = timedelta(hours=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPerson:
    """Somebody as the provider describes them."""

    subject: str = field(repr=False)
    email: EmailAddress
    name: str = field(repr=False)
    role: Role | None
    shown_by: str


def is_for_us(claims: Claims, rules: ProviderRules, now: datetime, *, nonce: str) -> bool:
    """True of an ID token of this provider, for us, and made for this very sign-in (OpenID Connect Core 3.1.3.7)."""
    given = claims.get("nonce")
    return (
        claims.get("iss") == rules.issuer
        and _is_audience(claims, rules.client_id)
        and isinstance(given, str)
        and hmac.compare_digest(given.encode(), nonce.encode())
        and is_timely(claims, now)
        and bool(subject_of(claims))
    )


def _is_audience(claims: Claims, client_id: str) -> bool:
    """A token for several parties has to name us as the one that it was given to, and so may any other."""
    audience = _texts(claims.get("aud"))
    party = claims.get("azp", client_id if len(audience) == 1 else None)
    return client_id in audience and party == client_id


def is_timely(claims: Claims, now: datetime) -> bool:
    """True of a token that was made a moment ago and still holds, by clocks that may differ a little."""
    begins, ends = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
    not_before = _seconds(claims.get("nbf", 0))
    if begins is None or ends is None or not_before is None:
        return False
    at, skew = now.timestamp(), SKEW.total_seconds()
    return max(begins, not_before) <= at + skew and at - skew < ends and at - begins < FRESH_FOR.total_seconds() + skew


def subject_of(claims: Claims) -> str:
    """Give the subject of a token, empty if it can't be one."""
    subject = claims.get("sub")
    return subject if isinstance(subject, str) and 0 < len(subject) <= MOST_SUBJECT else ""


def ends_sessions(claims: Claims, rules: ProviderRules, now: datetime) -> bool:
    """True of a logout token of this provider, for us and of this moment (OpenID Connect Back-Channel Logout 1.0, 2.6).

    Whoever holds an ID token can't pass it off as one: that has a `nonce`, and no such event. One that names a session
    and nobody is refused, since we keep no sessions of the provider.
    """
    events = claims.get("events")
    return (
        claims.get("iss") == rules.issuer
        and _is_audience(claims, rules.client_id)
        and is_timely(claims, now)
        and isinstance(events, Mapping)
        and isinstance(events.get(LOGOUT_EVENT), Mapping)
        and "nonce" not in claims
        and bool(subject_of(claims))
        and bool(token_id_of(claims))
    )


def token_id_of(claims: Claims) -> str:
    """Give the id of a token, by which it is taken once; empty if it can't be one."""
    given = claims.get("jti")
    return given if isinstance(given, str) and 0 < len(given) <= MOST_TOKEN_ID else ""


def lacks_claims(claims: Claims, rules: ProviderRules) -> bool:
    """True if an ID token lacks what the provider may say elsewhere: its UserInfo endpoint is worth asking."""
    return "email" not in claims or _claim(claims, rules.groups_claim) is None


def joined(claims: Claims, more: Claims) -> Claims:
    """Add to an ID token what the UserInfo endpoint says of the same person, and nothing against it (Core 5.3.2)."""
    return {**more, **claims} if more.get("sub") == claims.get("sub") else claims


def person_of(claims: Claims, rules: ProviderRules) -> ProviderPerson | Refusal:
    """Read who has signed in, or say why they can't enter: a second factor, an address and a group have to be there."""
    shown_by = _second_factor(claims, rules)
    if not shown_by:
        return Refusal.PROVIDER_FACTOR_MISSING
    email = read_address(claims["email"]) if isinstance(claims.get("email"), str) else None
    if email is None or claims.get("email_verified", True) is not True:
        return Refusal.PROVIDER_ADDRESS_MISSING
    given = claims.get("name")
    name = read_name(given[:MOST_NAME]) if isinstance(given, str) else None
    return ProviderPerson(
        subject=subject_of(claims),
        email=email,
        name=name or email.text,
        role=role_of(claims, rules),
        shown_by=shown_by,
    )


def _second_factor(claims: Claims, rules: ProviderRules) -> str:
    """Name what shows a second factor. `mfa` beside a text or a question may say no more than that there was one."""
    methods = set(_texts(claims.get("amr")))
    weak = {MANY} if methods & WEAK and not WEAK & set(rules.amr) else set()
    found = [method for method in rules.amr if method in methods - weak]
    classes = {*_texts(claims.get("acr")), *_texts(claims.get("acrs"))}
    return " ".join(found) or next((each for each in rules.acr if each in classes), "")


def role_of(claims: Claims, rules: ProviderRules) -> Role | None:
    """Choose the one role that the groups give: of several, the one that judges the others' work."""
    groups = set(_texts(_claim(claims, rules.groups_claim)))
    given = {role for group, role in rules.roles if group in groups}
    return next((role for role in STRONGEST_FIRST if role in given), None)


def _claim(claims: Claims, name: str) -> object:
    """Find a claim by its name or, where there is none of that name, by the path that its dots describe."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _texts(given: object) -> list[str]:
    """Read one text or a list of them."""
    listed = given if isinstance(given, list) else [given]
    return [each for each in listed[:MOST_GROUPS] if isinstance(each, str)]


def _seconds(given: object) -> float | None:
    return float(given) if isinstance(given, int | float) and not isinstance(given, bool) else None
