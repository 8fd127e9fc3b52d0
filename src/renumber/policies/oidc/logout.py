"""Telling applications that a session has ended (OpenID Connect Back-Channel Logout 1.0): whom, what, how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from renumber.policies.joins import Joins

LOGOUT_TOKEN_FOR = timedelta(minutes=2)  # 2.4: of each attempt, since every one is signed anew
LOGOUT_TYPE = "logout+jwt"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
# A quarter of an hour in all: whoever is signed in there longer than that is signed in by the application's own rules.
WAITS = (
    timedelta(seconds=2),
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=4),
    timedelta(minutes=8),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logout:
    """A session that has ended, and one application that was given something in it; `attempts` were made before.

    Whoever claimed it may send it until the claim lapses.
    """

    account_id: str
    session_id: str
    client_id: str
    attempts: int
    claim: str


def listening(joins: Joins) -> tuple[str, ...]:
    """Name the applications that want to hear of ended sessions."""
    return tuple(one.client_id for one in joins.applications if one.backchannel_logout_uri)


def logout_claims(logout: Logout, now: datetime, *, issuer: str, token_id: str) -> Mapping[str, object]:
    """Give the claims of a logout token (2.4): no `nonce` is ever among them, which tells it from an ID token."""
    return {
        "iss": issuer,
        "sub": logout.account_id,
        "aud": logout.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + LOGOUT_TOKEN_FOR).timestamp()),
        "jti": token_id,
        "events": {LOGOUT_EVENT: {}},
        "sid": logout.session_id,
    }


def wait_before_next(attempts: int, asked_for: timedelta | None) -> timedelta | None:
    """Give the wait after so many attempts; None after the last one.

    It is never less than the application asked for, as far as that is no longer than the longest wait.
    """
    if not 0 < attempts <= len(WAITS):
        return None
    return max(WAITS[attempts - 1], min(asked_for or timedelta(), WAITS[-1]))
