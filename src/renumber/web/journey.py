"""Where a sign-in stands in the change of a number, which its pages show."""

from dataclasses import dataclass

from renumber.domain.sign_in import SignInState
from renumber.flows.factors.views import picker_view
from renumber.flows.services import Client, Services
from renumber.flows.views import Progress


@dataclass(frozen=True, slots=True)
class Journey:
    """The step that is being taken; `is_changing` where another method is asked for on the way.

    Where it `enters_number`, the new number may be entered in place of that method.
    """

    step: int | None = None
    is_changing: bool = False
    enters_number: bool = False


NO_JOURNEY = Journey()


def journey_of(services: Services, client: Client, progress: Progress) -> Journey:
    """Place a sign-in; a first number has no such journey."""
    if progress.change is None or progress.change.old_number is None:
        return NO_JOURNEY
    if progress.sign_in.state is not SignInState.AWAITING_FACTOR:
        return Journey(step=3)
    demanded = services.rules.reenrolment_requires_factor
    is_open = not demanded and picker_view(services, client, progress).enters_number
    return Journey(step=3, is_changing=True, enters_number=is_open)
