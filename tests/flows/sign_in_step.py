"""What came of an act in a sign-in, as the page behind it sees it."""

from dataclasses import dataclass
from datetime import datetime

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.sign_in.in_progress import SignInResult


@dataclass(frozen=True)
class SignInStep:
    """One act: its refusal, or where the sign-in stands; where it stands after a refusal, `Browser.state` says."""

    step: Step[SignInResult | None]

    @property
    def refusal(self) -> Refusal | None:
        return self.step.refusal

    @property
    def tries_left(self) -> int | None:
        return self.step.tries_left

    @property
    def open_at(self) -> datetime | None:
        return self.step.open_at

    @property
    def state(self) -> SignInState | None:
        return self.step.state.state if self.step.state else None

    @property
    def method(self) -> Factor | None:
        return self.step.state.method if self.step.state else None

    @property
    def ticket(self) -> Ticket | None:
        return self.step.state.ticket if self.step.state else None

    @property
    def signed_in(self) -> bool:
        return self.step.state is not None and self.step.state.signed_in
