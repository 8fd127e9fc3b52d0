"""The page of each step of a sign-in."""

from renumber.domain.factor import Factor
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.sign_in.in_progress import SignInResult

PAGE_OF = {
    SignInState.AWAITING_MAILBOX: "/sign-in/email-code",
    SignInState.AWAITING_NEW_NUMBER: "/sign-in/number",
    SignInState.WAITING: "/sign-in/wait",
    SignInState.AWAITING_RELEASE_MAILBOX: "/sign-in/release",
    SignInState.AWAITING_RELEASE_NUMBER: "/sign-in/release/phone",
    SignInState.AWAITING_RELEASE_PASSWORD: "/sign-in/release/password",
    SignInState.COMPLETE: "/profile",
    SignInState.ENDED: "/sign-in",
}
METHOD_PAGE = {
    Factor.PHONE: "/sign-in/code",
    Factor.TOTP: "/sign-in/app",
    Factor.PUSH: "/sign-in/push",
    Factor.RECOVERY_CODE: "/sign-in/recovery-code",
    Factor.PASSKEY: "/sign-in/passkey",
}


def step_up_path(sign_in: SignIn, request_id: str) -> str:
    """The address at which a step-up is begun or given up; empty for a sign-in."""
    return f"/oauth/step-up/{request_id}" if sign_in.is_step_up and request_id else ""


def page_of(at: SignIn | SignInResult) -> str:
    """Give the address at which a sign-in goes on."""
    if at.state is SignInState.AWAITING_FACTOR:
        return METHOD_PAGE[at.method]
    return PAGE_OF[at.state]
