"""A sign-in under way: password, then a factor or the new number, then a session. It can do nothing else."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Session

SAME_PRESS_FOR = timedelta(seconds=10)  # longer than a double click takes on a slow network


class SignInState(StrEnum):
    """The proof that the person is asked for next, or the end."""

    AWAITING_FACTOR = "awaiting_factor"
    AWAITING_MAILBOX = "awaiting_mailbox"
    AWAITING_NEW_NUMBER = "awaiting_new_number"
    WAITING = "waiting"
    AWAITING_RELEASE_MAILBOX = "awaiting_release_mailbox"
    AWAITING_RELEASE_NUMBER = "awaiting_release_number"
    AWAITING_RELEASE_PASSWORD = "awaiting_release_password"  # noqa: S105 - the name of a state
    COMPLETE = "complete"
    ENDED = "ended"


PROGRESS: dict[SignInState, frozenset[SignInState]] = {
    SignInState.AWAITING_FACTOR: frozenset(
        {
            SignInState.AWAITING_FACTOR,
            SignInState.AWAITING_MAILBOX,
            SignInState.AWAITING_NEW_NUMBER,
            SignInState.WAITING,
            SignInState.AWAITING_RELEASE_PASSWORD,
            SignInState.COMPLETE,
            SignInState.ENDED,
        }
    ),
    SignInState.AWAITING_MAILBOX: frozenset(
        {
            SignInState.AWAITING_MAILBOX,
            SignInState.AWAITING_FACTOR,
            SignInState.AWAITING_NEW_NUMBER,
            SignInState.WAITING,
            SignInState.ENDED,
        }
    ),
    SignInState.AWAITING_NEW_NUMBER: frozenset({SignInState.AWAITING_FACTOR, SignInState.COMPLETE, SignInState.ENDED}),
    SignInState.WAITING: frozenset({SignInState.AWAITING_FACTOR, SignInState.ENDED}),
    SignInState.AWAITING_RELEASE_MAILBOX: frozenset({SignInState.AWAITING_RELEASE_NUMBER, SignInState.ENDED}),
    SignInState.AWAITING_RELEASE_NUMBER: frozenset(
        {SignInState.WAITING, SignInState.AWAITING_RELEASE_PASSWORD, SignInState.ENDED}
    ),
    SignInState.AWAITING_RELEASE_PASSWORD: frozenset({SignInState.ENDED}),
    SignInState.COMPLETE: frozenset(),
    SignInState.ENDED: frozenset(),
}


CHOOSING = frozenset(state for state, onward in PROGRESS.items() if SignInState.AWAITING_FACTOR in onward)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One attempt after a right password, or behind a link that releases a frozen account without one.

    `change_id` is the phone change that waits for its new number, `method` the factor asked for at AWAITING_FACTOR,
    `session_id` the session in which it began: a new number ends that one, and a step-up adds a factor to it. `link_id`
    is the link that it began with, instead of the password: it opens no session, and the release that it leads to ends
    with a new password.
    """

    account_id: str
    sign_in_id: str
    token_key: bytes = field(repr=False)
    browser_key: bytes = field(repr=False)
    state: SignInState
    change_id: str | None
    started_at: datetime
    expires_at: datetime
    from_known_browser: bool
    method: Factor = Factor.PHONE
    session_id: str | None = None
    link_id: str | None = None
    version: int = 0

    @property
    def is_kept(self) -> bool:
        """True once it was saved: in the act that begins it, no code was sent for it yet."""
        return self.version > 0

    def is_live(self, now: datetime) -> bool:
        """True if the sign-in may still go on."""
        return self.state not in (SignInState.COMPLETE, SignInState.ENDED) and now < self.expires_at

    def is_of_same_press(self, now: datetime) -> bool:
        """True if it has just begun, so that the same form once more is a double click and not a new wish."""
        return self.is_live(now) and now < self.started_at + SAME_PRESS_FOR

    def is_held_by(
        self, token_keys: Collection[bytes], *, now: datetime, open_change_id: str | None, session: Session | None
    ) -> bool:
        """True if a cookie can go on with it: the key is its own, it is live, and what it rests on still stands.

        `open_change_id` is the account's open change, `session` the session in which it began, if there are any.
        """
        is_own = self.token_key in token_keys
        return is_own and self.is_live(now) and self.waits_for(open_change_id) and self._session_stands(session, now)

    def _session_stands(self, session: Session | None, now: datetime) -> bool:
        """True unless it began in a session that has ended; an idle session lasts, since its person is busy here."""
        if self.session_id is None:
            return True
        if session is None or session.session_id != self.session_id:
            return False
        return session.ended_at is None and now < session.expires_at

    def waits_for(self, open_change_id: str | None) -> bool:
        """True if the change that it is for is still the open one: another browser may have completed it."""
        return self.change_id is None or self.change_id == open_change_id

    def awaits(self, factor: Factor) -> bool:
        """True if just this factor is asked for."""
        return self.state is SignInState.AWAITING_FACTOR and self.method is factor

    @property
    def is_step_up(self) -> bool:
        """True if it only adds the factor that it asks for to the session in which it began."""
        return self.session_id is not None and self.change_id is None

    @property
    def may_choose(self) -> bool:
        """True if another method may be chosen, also on the way to a new number.

        Not where it began in a session: that one was confirmed already, and must not renew itself for ever.
        """
        return self.state in CHOOSING and self.session_id is None

    def choose(self, factor: Factor, through: SignInState = SignInState.AWAITING_FACTOR) -> Step["SignIn"]:
        """Choose another factor to be asked for, through the mailbox where its code is required."""
        if not self.may_choose:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self._become(through), method=factor), (Fact.METHOD_CHOSEN,))

    def turn_to_number(self, through: SignInState) -> Step["SignIn"]:
        """Turn to the new number instead of a factor, through the mailbox where its code is required."""
        if self.state is not SignInState.AWAITING_FACTOR or self.change_id is None:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self._become(through), method=Factor.PHONE), (Fact.METHOD_CHOSEN,))

    def complete_with_factor(self, factor: Factor) -> Step["SignIn"]:
        """Complete the sign-in with the factor that was asked for and just proven."""
        if not self.awaits(factor) or self.link_id or self.session_id:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(SignInState.COMPLETE), (Fact.SIGNED_IN,))

    def step_up_with(self, factor: Factor) -> Step["SignIn"]:
        """Complete a step-up with the factor that was asked for and just proven: nobody signs in by it."""
        if not self.awaits(factor) or not self.is_step_up:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(SignInState.COMPLETE))

    def prove_mailbox(self, onward: SignInState) -> Step["SignIn"]:
        """Go on from the mailbox: to the new number or the wait before it, or to a number that is yet to be proven."""
        if self.state is not SignInState.AWAITING_MAILBOX:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(onward), (Fact.MAILBOX_PROVEN,))

    def complete_with_number(self, change_id: str) -> Step["SignIn"]:
        """Complete the sign-in with the new number of the very change that it is for."""
        if self.state is not SignInState.AWAITING_NEW_NUMBER or self.change_id != change_id:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(SignInState.COMPLETE), (Fact.SIGNED_IN,))

    def release_by(self, method: Factor) -> Step["SignIn"]:
        """Choose the number whose code a release asks for: the one before a recent change, or the one after it."""
        if self.state is not SignInState.AWAITING_RELEASE_MAILBOX:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self, method=method))

    def prove_release_mailbox(self) -> Step["SignIn"]:
        """Accept the first of the two codes that release a frozen account."""
        if self.state is not SignInState.AWAITING_RELEASE_MAILBOX:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(SignInState.AWAITING_RELEASE_NUMBER), (Fact.MAILBOX_PROVEN,))

    def prove_release_number(self) -> Step["SignIn"]:
        """Accept the number's code, and end: releasing gives nobody access. Without a password, one is chosen first."""
        if self.state is not SignInState.AWAITING_RELEASE_NUMBER:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(self._release_goes_on))

    @property
    def _release_goes_on(self) -> SignInState:
        return SignInState.AWAITING_RELEASE_PASSWORD if self.link_id else SignInState.ENDED

    def wait_for_release(self) -> Step["SignIn"]:
        """After both codes, wait: they came to one mailbox and one phone, which may be in one hand."""
        if self.state is not SignInState.AWAITING_RELEASE_NUMBER:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(SignInState.WAITING))

    def release_with_factor(self, factor: Factor) -> Step["SignIn"]:
        """Accept an older factor instead of the wait: it gives nobody access either."""
        if not self.awaits(factor):
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(self._release_goes_on))

    def release_with_password(self) -> Step["SignIn"]:
        """Accept the password that was chosen after both proofs, and end."""
        if self.state is not SignInState.AWAITING_RELEASE_PASSWORD:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(SignInState.ENDED))

    def _become(self, state: SignInState) -> "SignIn":
        assert state in PROGRESS[self.state], f"{self.state} never becomes {state}"
        return replace(self, state=state)
