"""An operation of the person's API."""

from dataclasses import dataclass
from typing import ClassVar

from renumber.web.api.operations.operation import Operation, Operations
from renumber.web.api.operations.problems import Code

OF_A_COOKIE = (Code.FORGED,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOperation(Operation):
    """One that a person does, and the page of ours on which the same is done.

    Without a scope it takes our session alone. An `in_enrolment` one is all that the sign-in may do that enters a new
    number. One that `reauthenticates` takes a proof that was given after the sign-in itself.
    """

    page: str = "/profile"
    action: str = "manage_account"
    in_enrolment: bool = False
    reauthenticates: bool = False

    always: ClassVar[tuple[Code, ...]] = (
        Code.NOT_SIGNED_IN,
        Code.AUTHENTICATION_INSUFFICIENT,
        Code.FORGED,
        Code.TOO_MANY_REQUESTS,
    )
    without_account: ClassVar[Code] = Code.NOT_SIGNED_IN

    @property
    def problems(self) -> tuple[Code, ...]:
        """Every problem that it may tell."""
        of_tokens = Code.INSUFFICIENT_SCOPE if self.scope else Code.BROWSER_ONLY
        of_sign_in = () if self.in_enrolment else (Code.ENROLMENT_ONLY,)
        return (*super(PersonOperation, self).problems, of_tokens, *of_sign_in)

    @property
    def is_enrolling(self) -> bool:
        """True if nothing does it but the sign-in that enters a new number."""
        return self.in_enrolment and self.is_act

    @property
    def security(self) -> list[dict[str, list[str]]]:
        """The ways in: our session, and a token with the scope."""
        by_token = [{"access_token": [self.scope.value]}] if self.scope else []
        return [*by_token, {"session": []}]


class PersonOperations(Operations):
    """The operations of one part of the person's API."""

    def __init__(self) -> None:
        super().__init__(PersonOperation)
