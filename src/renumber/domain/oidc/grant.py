"""A grant of a person to one application: a code, then tokens, until one of many things ends them."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.account import Account
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Session


class GrantState(StrEnum):
    """A grant is a code at first, then tokens."""

    GIVEN = "given"
    REDEEMED = "redeemed"
    ENDED = "ended"


PROGRESS: dict[GrantState, frozenset[GrantState]] = {
    GrantState.GIVEN: frozenset({GrantState.REDEEMED, GrantState.ENDED}),
    GrantState.REDEEMED: frozenset({GrantState.REDEEMED, GrantState.ENDED}),
    GrantState.ENDED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """All that comes with a code: who shows it, where it was sent to, and the challenge that the verifier answers."""

    client_id: str
    redirect_uri: str
    challenge: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One sign-in of one person at one application (RFC 6749 4.1).

    It lives no longer than the session it was given in, unless it `is_offline`. The code is kept as a keyed hash alone;
    of refresh tokens only the `generation` is kept, 0 before the first, since each is derived from it. `jkt` is the
    thumbprint of the key that must be proven to use the code, and later the refresh token (RFC 9449 5, 10); empty if
    none must. `acr` says how much the sign-in was worth, `amr` how it was done (RFC 8176), and `claims` what the
    user-info endpoint gives besides its scopes.
    """

    account_id: str
    grant_id: str
    client_id: str
    session_id: str
    is_offline: bool
    redirect_uri: str
    challenge: str = field(repr=False)
    nonce: str = field(repr=False)
    scopes: frozenset[str]
    id_token_claims: frozenset[str] = frozenset()
    userinfo_claims: frozenset[str] = frozenset()
    acr: str
    amr: tuple[str, ...]
    authenticated_at: datetime
    code_key: bytes = field(repr=False)
    code_expires_at: datetime
    generation: int = 0
    jkt: str = ""
    state: GrantState = GrantState.GIVEN
    given_at: datetime
    expires_at: datetime
    version: int = 0

    def is_live(self, now: datetime, *, session: Session | None, account: Account) -> bool:
        """True while what it gave may be used.

        It ends with its session; an idle session lasts, since the person is busy in the application.
        """
        if self.state is GrantState.ENDED or account.is_frozen or now >= self.expires_at:
            return False
        return self.is_offline or (session is not None and session.ended_at is None and now < session.expires_at)

    def redeem(self, keys: Collection[bytes], shown: Redemption, now: datetime) -> Step["Grant"]:
        """Take the code once; whoever brings it again may have stolen it, so that all it gave ends (RFC 6749 4.1.2)."""
        if self.code_key not in keys or shown.client_id != self.client_id:
            return Step(self, refusal=Refusal.GRANT_NOT_VALID)
        if self.state is not GrantState.GIVEN:
            return self._end_for_reuse()
        is_bound = (shown.redirect_uri, shown.challenge) == (self.redirect_uri, self.challenge)
        if now >= self.code_expires_at or not is_bound:
            return Step(self, refusal=Refusal.GRANT_NOT_VALID)
        return Step(self._become(GrantState.REDEEMED), (Fact.TOKENS_GIVEN,))

    def refresh(self, generation: int, *, client_id: str, now: datetime, renewed_for: timedelta) -> Step["Grant"]:
        """Take the newest refresh token, and prolong the grant; any older one ends everything (RFC 9700 4.14.2).

        `generation` is that of the token that was shown, 0 for one that we didn't make.
        """
        if client_id != self.client_id or generation == 0:
            return Step(self, refusal=Refusal.GRANT_NOT_VALID)
        if generation < self.generation:
            return self._end_for_reuse()
        if generation > self.generation or self.state is not GrantState.REDEEMED or now >= self.expires_at:
            return Step(self, refusal=Refusal.GRANT_NOT_VALID)
        prolonged = replace(self._become(GrantState.REDEEMED), expires_at=now + renewed_for)
        return Step(prolonged, (Fact.TOKENS_GIVEN,))

    def with_next_refresh_token(self) -> "Grant":
        """The same grant with another refresh token, in place of the one that was shown."""
        return replace(self, generation=self.generation + 1)

    def bound_to(self, jkt: str) -> "Grant":
        """The same grant for the holder of this key alone; an empty thumbprint binds it to none."""
        return replace(self, jkt=jkt)

    def is_held_with(self, jkt: str) -> bool:
        """True if whoever has proven this key, or none, may use it (RFC 9449 5, 10)."""
        return self.jkt in ("", jkt)

    def end(self) -> Step["Grant"]:
        """End it, and with it every token that it gave; ending twice is no error (RFC 7009 2.2)."""
        if self.state is GrantState.ENDED:
            return Step(self)
        return Step(self._become(GrantState.ENDED), (Fact.GRANT_ENDED,))

    def _end_for_reuse(self) -> Step["Grant"]:
        step = self.end()
        return Step(step.state, step.facts, Refusal.GRANT_USED)

    def _become(self, state: GrantState) -> "Grant":
        assert state in PROGRESS[self.state], f"{self.state} never becomes {state}"
        return replace(self, state=state)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A token that lets an application read what a grant allows, kept as a keyed hash alone.

    With a `jkt` it is worth something only beside a proof of the key of this thumbprint (RFC 9449 6); with none, to
    whoever bears it (RFC 6750).
    """

    account_id: str
    token_id: str
    grant_id: str
    token_key: bytes = field(repr=False)
    scopes: frozenset[str]
    jkt: str = ""
    issued_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    version: int = 0

    def opens(self, keys: Collection[bytes], now: datetime) -> bool:
        """True if what was shown is this token, and it is neither ended nor past its time."""
        return self.token_key in keys and self.ended_at is None and now < self.expires_at

    def end(self, now: datetime) -> "AccessToken":
        """End this one alone."""
        return replace(self, ended_at=self.ended_at or now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The word of a person that a foreign application may learn what these scopes say."""

    account_id: str
    client_id: str
    scopes: frozenset[str]
    given_at: datetime
    version: int = 0

    def covers(self, scopes: frozenset[str]) -> bool:
        """True if all of these were agreed to."""
        return scopes <= self.scopes

    def widen(self, scopes: frozenset[str], now: datetime) -> Step["Consent"]:
        """Agree to these as well."""
        return Step(replace(self, scopes=self.scopes | scopes, given_at=now), (Fact.CONSENT_GIVEN,))

    def withdraw(self) -> "Consent":
        """Agree to nothing any more, so that the application has to ask again."""
        return replace(self, scopes=frozenset())
