"""A journey: another application sends a person here to do one thing, and takes them back afterwards."""

from dataclasses import dataclass
from enum import StrEnum

BETWEEN = "\x1f"


class JourneyKind(StrEnum):
    """The thing that the person is sent here to do."""

    CHANGE_PHONE = "change_phone"
    MANAGE_FACTORS = "manage_factors"
    RECOVERY_CODES = "recovery_codes"


class JourneyStatus(StrEnum):
    """The outcome, as the application is told when the person is back."""

    DONE = "done"
    PENDING = "pending"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Journey:
    """The thing to do, the id of the application that asked for it, and the page to which the person goes back.

    Without a page they go back to where the application begins a sign-in.
    """

    kind: JourneyKind
    application: str
    return_to: str = ""

    @property
    def text(self) -> str:
        """The form in which it is kept; neither part can hold the sign between them."""
        return BETWEEN.join((self.kind, self.application, self.return_to))


def read_journey(text: str) -> Journey:
    """Read a journey as it was kept."""
    kind, application, return_to = text.split(BETWEEN)
    return Journey(JourneyKind(kind), application, return_to)
