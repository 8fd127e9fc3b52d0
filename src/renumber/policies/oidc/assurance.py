"""The worth of a sign-in to an application: three classes, and the methods behind each."""

from enum import StrEnum

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.session import Session
from renumber.policies.methods import STRONGEST_FIRST, Methods, first_method, methods_of


class Acr(StrEnum):
    """The authentication context classes, each including those before it.

    All rest on two factors. A code by text message can be taken over with the number, and a recovery code stands on
    paper; an app or device is held in the hand; a passkey works only at our own origin, so that nobody can be tricked
    into giving it to somebody else (NIST SP 800-63B-4 2.2, 3.2.5).
    """

    TWO_FACTORS = "urn:renumber:acr:two-factors"
    DEVICE = "urn:renumber:acr:device"
    PHISHING_RESISTANT = "urn:renumber:acr:phishing-resistant"


CLASSES = tuple(Acr)
_OF_FACTOR = {
    Factor.PHONE: Acr.TWO_FACTORS,
    Factor.RECOVERY_CODE: Acr.TWO_FACTORS,
    Factor.TOTP: Acr.DEVICE,
    Factor.PUSH: Acr.DEVICE,
    Factor.PASSKEY: Acr.PHISHING_RESISTANT,
}
# RFC 8176 2: the password, what came by text message, what an app counted or a device signed, and what a passkey did.
_METHODS = {
    Factor.PHONE: ("pwd", "sms", "mfa"),
    Factor.RECOVERY_CODE: ("pwd", "otp", "mfa"),
    Factor.TOTP: ("pwd", "otp", "mfa"),
    Factor.PUSH: ("pwd", "swk", "mfa"),
    Factor.PASSKEY: ("swk", "user", "mfa"),
}


def acr_of(session: Session) -> Acr | None:
    """Name the class of a session; one that rests on the password alone has none."""
    return _OF_FACTOR.get(session.factor) if session.factor else None


def amr_of(session: Session) -> tuple[str, ...]:
    """Name the methods of a session as RFC 8176 does."""
    return _METHODS.get(session.factor, ("pwd",)) if session.factor else ("pwd",)


def satisfies(acr: Acr, wanted: tuple[str, ...]) -> bool:
    """True if a class is one of those wanted, or above the lowest of them; classes that we don't know are none."""
    known = [CLASSES.index(Acr(each)) for each in wanted if each in CLASSES]
    return not wanted or bool(known and CLASSES.index(acr) >= min(known))


def takes_only_passkeys(wanted: tuple[str, ...]) -> bool:
    """True if nothing below the highest class will do."""
    return satisfies(Acr.PHISHING_RESISTANT, wanted) and not satisfies(Acr.DEVICE, wanted)


def step_up_methods(
    account: Account, wanted: tuple[str, ...], methods: Methods = STRONGEST_FIRST
) -> tuple[Factor, ...]:
    """List the methods of the account by which a session would be worth enough, in the operator's order.

    One that takes no proof for now is none of them.
    """
    usable = (factor for factor in methods_of(account, methods) if factor not in account.suspended)
    return tuple(factor for factor in usable if satisfies(_OF_FACTOR[factor], wanted))


def first_asked(account: Account, wanted: tuple[str, ...], methods: Methods = STRONGEST_FIRST) -> Factor:
    """The method that a sign-in for an application asks for: as ever, unless only another one is worth enough.

    Recovery codes are kept for need, and never asked for because they would do.
    """
    by_habit = first_method(account, methods)
    worth = [factor for factor in step_up_methods(account, wanted, methods) if factor not in account.lost]
    worth = [factor for factor in worth if factor is not Factor.RECOVERY_CODE]
    return by_habit if by_habit in worth or not worth else worth[0]
