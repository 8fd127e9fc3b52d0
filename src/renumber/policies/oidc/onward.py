"""Where a request of an application goes on: to the person, to a page of ours, or back with an error."""

from dataclasses import dataclass
from enum import Enum, StrEnum

from renumber.domain.account import Account
from renumber.domain.oidc.request import AuthorizationRequest, Prompt
from renumber.domain.session import Session
from renumber.policies.joins import Application
from renumber.policies.methods import STRONGEST_FIRST, Methods
from renumber.policies.oidc.assurance import acr_of, satisfies, step_up_methods


class Onward(Enum):
    """The page that is due."""

    CODE = "code"
    SIGN_IN = "sign_in"
    SIGN_IN_ANEW = "sign_in_anew"
    REAUTHENTICATE = "reauthenticate"
    STEP_UP = "step_up"
    CONSENT = "consent"
    ACTION = "action"


class Failure(StrEnum):
    """An error that the application is told (OpenID Connect Core 3.1.2.6, RFC 9470)."""

    LOGIN_REQUIRED = "login_required"
    CONSENT_REQUIRED = "consent_required"
    ACCESS_DENIED = "access_denied"
    UNMET = "unmet_authentication_requirements"


# Without a page of ours, what would have been due is the error (OpenID Connect Core 3.1.2.6).
_WITHOUT_PAGES = {
    Onward.SIGN_IN: Failure.LOGIN_REQUIRED,
    Onward.SIGN_IN_ANEW: Failure.LOGIN_REQUIRED,
    Onward.REAUTHENTICATE: Failure.LOGIN_REQUIRED,
    Onward.STEP_UP: Failure.LOGIN_REQUIRED,
    Onward.CONSENT: Failure.CONSENT_REQUIRED,
}

_DECLINED = {Onward.REAUTHENTICATE: Failure.LOGIN_REQUIRED, Onward.STEP_UP: Failure.UNMET}


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Whoever is signed in to this browser, and whether they have agreed to all that is asked for.

    `methods` are those that the operator offers.
    """

    session: Session
    account: Account
    has_consented: bool = False
    methods: Methods = STRONGEST_FIRST


def onward(request: AuthorizationRequest, application: Application, present: Present | None) -> Onward | Failure:
    """Judge what comes next for whoever is, or is not, signed in to this browser."""
    due = _due(request, application, present)
    if request.may_show_pages or isinstance(due, Failure):
        return due
    return _WITHOUT_PAGES.get(due, due)


def _due(request: AuthorizationRequest, application: Application, present: Present | None) -> Onward | Failure:
    if present is None:
        return Onward.SIGN_IN
    session = present.session
    if _is_somebody_else(request, session):
        return Failure.LOGIN_REQUIRED if request.was_signed_in_for(session) else Onward.SIGN_IN_ANEW
    if Prompt.SELECT_ACCOUNT in request.prompts and not request.was_signed_in_for(session):
        return Onward.SIGN_IN_ANEW
    if not request.is_answered_by(session):
        return Onward.REAUTHENTICATE
    if request.action:  # it learns nothing, so that nobody is asked whether it may
        return _worth(request, present) or Onward.ACTION
    needs_consent = application.is_foreign and not present.has_consented
    return _worth(request, present) or (Onward.CONSENT if needs_consent else Onward.CODE)


def declined(due: Onward | Failure) -> Failure | None:
    """Name the error for an application whose person gives up at a question for a proof; none where nothing is asked.

    Whoever isn't asked once more is not signed in as it takes (OpenID Connect Core 3.1.2.1); without the second factor
    the requirements are not met (RFC 9470 5, OpenID Connect Unmet Authentication Requirements 1.0).
    """
    return _DECLINED.get(due) if isinstance(due, Onward) else None


def _is_somebody_else(request: AuthorizationRequest, session: Session) -> bool:
    """The code of another person than the one who is asked for is never handed out."""
    return bool(request.subject) and request.subject != session.account_id


def _worth(request: AuthorizationRequest, present: Present) -> Onward | Failure | None:
    """Step up where the account has what it takes (RFC 9470 5); else what nobody insisted on is given as it is.

    So it is to whoever has signed in for this very request, with a method of their own choice.
    """
    acr, session = acr_of(present.session), present.session
    if acr is None:
        return Onward.SIGN_IN_ANEW
    if satisfies(acr, request.acr_values):
        return None
    may_be_less = request.was_signed_in_for(session) and not request.acr_is_essential
    if not may_be_less and step_up_methods(present.account, request.acr_values, present.methods):
        return Onward.STEP_UP
    return Failure.UNMET if request.acr_is_essential else None
