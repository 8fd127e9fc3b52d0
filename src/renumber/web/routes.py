"""A page's address and the function that answers it, and where a sign-in goes on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.web.exchange import Exchange

Answer = Callable[[Exchange], Awaitable[ASGIResponse]]

PAGE_OF = {
    SignInState.AWAITING_MAILBOX: "/sign-in/email-code",
    SignInState.AWAITING_NEW_NUMBER: "/sign-in/number",
    SignInState.AWAITING_RELEASE_MAILBOX: "/sign-in/release",
    SignInState.AWAITING_RELEASE_NUMBER: "/sign-in/release/phone",
    SignInState.COMPLETE: "/",
    SignInState.ENDED: "/sign-in",
}
METHOD_PAGE = {
    Factor.PHONE: "/sign-in/code",
    Factor.TOTP: "/sign-in/app",
    Factor.PUSH: "/sign-in/push",
    Factor.RECOVERY_CODE: "/sign-in/recovery-code",
    Factor.PASSKEY: "/sign-in/passkey",
}


def page_of(at: SignIn | SignInResult) -> str:
    """Where a sign-in goes on."""
    if at.state is SignInState.AWAITING_FACTOR:
        return METHOD_PAGE[at.method or Factor.PHONE]
    return PAGE_OF[at.state] if at.state else "/sign-in?notice=session_ended"


class Access(Enum):
    """Who may come in."""

    ANYONE = "anyone"
    SESSION = "session"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Route:
    """One address."""

    method: str
    path: str
    access: Access
    answer: Answer


class Routes(list[Route]):
    """The addresses of one page's module."""

    def show(self, path: str, access: Access = Access.ANYONE) -> Callable[[Answer], Answer]:
        """Answer GET and HEAD; such a function never changes anything."""
        return self._entered("GET", path, access)

    def act(self, path: str, access: Access = Access.ANYONE) -> Callable[[Answer], Answer]:
        """Answer POST."""
        return self._entered("POST", path, access)

    def _entered(self, method: str, path: str, access: Access) -> Callable[[Answer], Answer]:
        def enter(answer: Answer) -> Answer:
            self.append(Route(method, path, access, answer))
            return answer

        return enter
