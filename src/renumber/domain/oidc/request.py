"""A request of an application to sign somebody in, once it has been checked."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.applications.journey import JourneyKind
from renumber.domain.session import Session


class Prompt(StrEnum):
    """A thing that the application wants the person to be asked (OpenID Connect Core 3.1.2.1)."""

    NONE = "none"
    LOGIN = "login"
    CONSENT = "consent"
    SELECT_ACCOUNT = "select_account"


class ResponseMode(StrEnum):
    """The way in which the browser carries the answer (OAuth 2.0 Multiple Response Types 2.1, Form Post)."""

    QUERY = "query"
    FORM_POST = "form_post"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """All that an application has asked for, and where the answer goes.

    `challenge` is the one of PKCE (RFC 7636), empty without it. `subject` is the account that an `id_token_hint` names,
    or empty. `acr_values` come in order of preference, and one of them is a condition if `acr_is_essential`. The two
    sets of claims are those asked for one by one (OpenID Connect Core 5.5); `max_age` is in seconds. `jkt` is the
    thumbprint of the key that the code is for (RFC 9449 10), empty for none. A request with an `action` leads the
    person to it, and gets no code.
    """

    client_id: str
    redirect_uri: str
    response_mode: ResponseMode = ResponseMode.QUERY
    state: str = field(default="", repr=False)
    nonce: str = field(default="", repr=False)
    challenge: str = field(default="", repr=False)
    jkt: str = ""
    scopes: frozenset[str]
    prompts: frozenset[Prompt] = frozenset()
    max_age: int | None = None
    acr_values: tuple[str, ...] = ()
    acr_is_essential: bool = False
    login_hint: str = field(default="", repr=False)
    ui_locales: tuple[str, ...] = ()
    subject: str = field(default="", repr=False)
    id_token_claims: frozenset[str] = frozenset()
    userinfo_claims: frozenset[str] = frozenset()
    action: JourneyKind | None = None
    asked_at: datetime

    @property
    def may_show_pages(self) -> bool:
        """True unless the application wants an answer at once, without a page of ours."""
        return Prompt.NONE not in self.prompts

    @property
    def wants_offline_access(self) -> bool:
        """True if the application is to act after the person has left."""
        return "offline_access" in self.scopes

    def is_answered_by(self, session: Session) -> bool:
        """True if the person has authenticated recently enough: since it was asked, or within `max_age` before."""
        if session.authenticated_at >= self.asked_at:
            return True
        if Prompt.LOGIN in self.prompts:
            return False
        return self.max_age is None or self.asked_at - session.authenticated_at <= timedelta(seconds=self.max_age)

    def was_signed_in_for(self, session: Session) -> bool:
        """True if the person has signed in since it was asked, so that asking once more leads nowhere."""
        return session.created_at >= self.asked_at
