"""A sign-in under way: password, then a factor or the new number, then a session. It can do nothing else."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from renumber.domain.outcomes import Fact, Refusal, Step


class State(StrEnum):
    """What the person is asked for next."""

    AWAITING_FACTOR = "awaiting_factor"
    AWAITING_MAILBOX = "awaiting_mailbox"
    AWAITING_NEW_NUMBER = "awaiting_new_number"
    AWAITING_RELEASE_MAILBOX = "awaiting_release_mailbox"
    AWAITING_RELEASE_NUMBER = "awaiting_release_number"
    COMPLETE = "complete"
    ENDED = "ended"


PROGRESS: dict[State, frozenset[State]] = {
    State.AWAITING_FACTOR: frozenset({State.COMPLETE, State.ENDED}),
    State.AWAITING_MAILBOX: frozenset({State.AWAITING_NEW_NUMBER, State.ENDED}),
    State.AWAITING_NEW_NUMBER: frozenset({State.COMPLETE, State.ENDED}),
    State.AWAITING_RELEASE_MAILBOX: frozenset({State.AWAITING_RELEASE_NUMBER, State.ENDED}),
    State.AWAITING_RELEASE_NUMBER: frozenset({State.ENDED}),
    State.COMPLETE: frozenset(),
    State.ENDED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """One attempt after a right password. `change_id` is the phone change that waits for its new number."""

    account_id: str
    sign_in_id: str
    token_key: bytes = field(repr=False)
    browser_key: bytes = field(repr=False)
    state: State
    change_id: str | None
    started_at: datetime
    expires_at: datetime
    from_known_browser: bool
    version: int = 0

    def is_live(self, now: datetime) -> bool:
        """Whether it may still go on."""
        return self.state not in (State.COMPLETE, State.ENDED) and now < self.expires_at

    def waits_for(self, open_change_id: str | None) -> bool:
        """Whether the change that it is for, if any, is still the open one: another browser may have completed it."""
        return self.change_id is None or self.change_id == open_change_id

    def complete_with_factor(self) -> Step["SignIn"]:
        """Finish with a second factor that was just proven."""
        if self.state is not State.AWAITING_FACTOR:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(State.COMPLETE), (Fact.SIGNED_IN,))

    def prove_mailbox(self) -> Step["SignIn"]:
        """Let a browser that didn't press the link go on to the new number."""
        if self.state is not State.AWAITING_MAILBOX:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(State.AWAITING_NEW_NUMBER), (Fact.MAILBOX_PROVEN,))

    def complete_with_number(self, change_id: str) -> Step["SignIn"]:
        """Finish with the new number of the very change that this sign-in is for."""
        if self.state is not State.AWAITING_NEW_NUMBER or self.change_id != change_id:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(State.COMPLETE), (Fact.SIGNED_IN,))

    def prove_release_mailbox(self) -> Step["SignIn"]:
        """First of the two codes that release a frozen account."""
        if self.state is not State.AWAITING_RELEASE_MAILBOX:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(State.AWAITING_RELEASE_NUMBER), (Fact.MAILBOX_PROVEN,))

    def prove_release_number(self) -> Step["SignIn"]:
        """Second of the two codes; a new sign-in follows, since releasing gives nobody access."""
        if self.state is not State.AWAITING_RELEASE_NUMBER:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(self._become(State.ENDED))

    def _become(self, state: State) -> "SignIn":
        assert state in PROGRESS[self.state], f"{self.state} never becomes {state}"
        return replace(self, state=state)
