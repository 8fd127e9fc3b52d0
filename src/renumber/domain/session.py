"""The session of a signed-in browser, and the evidence that it rests on."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from renumber.domain.factor import Factor, Proven
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step


@dataclass(frozen=True, slots=True)
class Ticket:
    """The content of a cookie, code or token: the account, the id of a thing, and the secret that proves it."""

    account_id: str
    id: str
    token: str = field(repr=False)

    @property
    def text(self) -> str:
        """Write it down, as `read` understands it."""
        return f"{self.account_id}.{self.id}.{self.token}"

    @classmethod
    def read(cls, text: str) -> "Ticket | None":
        """Read what was written down; anything else is none."""
        parts = text.split(".")
        if len(parts) != 3 or not all(len(part) == 32 and part.isalnum() and part.isascii() for part in parts):
            return None
        return cls(*parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The evidence behind a session; a phone change keeps a copy of it."""

    session_id: str
    factor: Factor | None
    factor_at: datetime | None
    authenticated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session that can be used, as lists show it."""

    session_id: str
    browser: str
    ip: str = field(repr=False)
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A full session. `authenticated_at` is the last password, `factor_at` the last second factor (NIST 2.2.3).

    `reauthenticated_at` is when it was renewed in the session itself: who has stolen its cookie can't do that.
    `factor_made_at` is when the key of that factor was made, which tells it from one that somebody has just added.
    """

    account_id: str
    session_id: str
    token_key: bytes = field(repr=False)
    browser_key: bytes = field(repr=False)
    browser: str
    ip: str = field(repr=False)
    factor: Factor | None
    factor_at: datetime | None
    factor_made_at: datetime | None = None
    authenticated_at: datetime
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    reauthenticated_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 0

    def is_live(self, now: datetime, idle_for: timedelta) -> bool:
        """True if it is neither ended nor past its overall or its idle limit."""
        return self.ended_at is None and now < self.expires_at and now < self.seen_at + idle_for

    def is_held_by(self, token_keys: Collection[bytes], *, now: datetime, idle_for: timedelta) -> bool:
        """True if a cookie opens it: one of the cookie's keyed hashes is its own, and it is live."""
        return self.token_key in token_keys and self.is_live(now, idle_for)

    def is_fresh(self, now: datetime, fresh_for: timedelta) -> bool:
        """True if the last authentication is recent enough for a sensitive act (ASVS 7.5.1)."""
        return now < self.authenticated_at + fresh_for

    def is_reauthenticated(self, now: datetime, fresh_for: timedelta) -> bool:
        """True if something was proven in the session itself, recently enough."""
        return self.reauthenticated_at is not None and now < self.reauthenticated_at + fresh_for

    @property
    def proven(self) -> Proven | None:
        """The second factor that it rests on."""
        return Proven(self.factor, self.factor_made_at) if self.factor else None

    @property
    def proof(self) -> Proof:
        """The evidence that this session rests on."""
        return Proof(
            session_id=self.session_id,
            factor=self.factor,
            factor_at=self.factor_at,
            authenticated_at=self.authenticated_at,
        )

    def as_shown_at(self, authenticated_at: datetime, *, given_at: datetime) -> "Session":
        """The session as a token of it proves it: by what was shown until it was given, and by nothing that came later.

        A factor may have joined since the password, so that it has to be from before the time at which it was given.
        """
        was_renewed = self.reauthenticated_at is not None and self.reauthenticated_at > authenticated_at
        was_joined = self.factor_at is not None and self.factor_at > given_at
        return replace(
            self,
            authenticated_at=min(self.authenticated_at, authenticated_at),
            reauthenticated_at=None if was_renewed else self.reauthenticated_at,
            factor=None if was_joined else self.factor,
        )

    def reauthenticate(self, token_key: bytes, now: datetime) -> Step["Session"]:
        """Renew the session by the password; the old reference token ends (ASVS 7.2.4)."""
        if self.ended_at is not None:
            return Step(self, refusal=Refusal.SESSION_UNKNOWN)
        renewed = replace(self, token_key=token_key, authenticated_at=now, reauthenticated_at=now)
        return Step(renewed, (Fact.REAUTHENTICATED,))

    def reauthenticate_with(self, proven: Proven, token_key: bytes, now: datetime) -> Step["Session"]:
        """Renew the session by a factor that is worth password and second factor at once."""
        step = self.reauthenticate(token_key, now)
        if step.refusal:
            return step
        renewed = replace(step.state, factor=proven.factor, factor_made_at=proven.made_at, factor_at=now)
        return replace(step, state=renewed)

    def step_up(self, proven: Proven, token_key: bytes, now: datetime) -> Step["Session"]:
        """Let another second factor join the session; the old reference token ends (ASVS 7.2.4).

        The password is as old as it was: an unlocked phone shows a code to anybody, so that it makes nothing fresh.
        """
        if self.ended_at is not None:
            return Step(self, refusal=Refusal.SESSION_UNKNOWN)
        joined = replace(self, token_key=token_key, factor=proven.factor, factor_made_at=proven.made_at, factor_at=now)
        return Step(joined, (Fact.STEPPED_UP,))

    def end(self, now: datetime, fact: Fact) -> Step["Session"]:
        """End the session for the reason that the fact names."""
        if self.ended_at is not None:
            return Step(self, refusal=Refusal.SESSION_UNKNOWN)
        return Step(replace(self, ended_at=now), (fact,))
