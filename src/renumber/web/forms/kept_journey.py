"""The journey on which a browser came, kept there from its address to the page that leads back."""

from datetime import datetime

import msgspec

from renumber.domain.applications.journey import Journey, JourneyKind, JourneyStatus, read_journey
from renumber.policies.operator.journeys import WayBack, way_back
from renumber.web import cookies
from renumber.web.exchange import Exchange, SessionExchange
from renumber.web.forms.sealed_cookies import open_sealed, sealed_cookie
from renumber.web.request import WebRequest


class KeptJourney(msgspec.Struct, frozen=True):
    """The account that the journey names, the journey, and what became of it; nothing until the person has arrived.

    Without an account it names whoever signs in.
    """

    account_id: str
    text: str
    status: JourneyStatus | None = None

    @property
    def journey(self) -> Journey:
        """The thing to do, and the application that asked for it."""
        return read_journey(self.text)

    def is_of(self, account_id: str) -> bool:
        """True if it may lead this person."""
        return self.account_id in ("", account_id)


def keep_journey(exchange: Exchange, account_id: str, journey: Journey, *, status: JourneyStatus | None = None) -> None:
    """Keep a journey in this browser for as long as a sign-in may take."""
    kept = KeptJourney(account_id, journey.text, status)
    lives_for = exchange.services.rules.limits.sign_in_for
    now, request = exchange.now, exchange.request
    exchange.set_cookie(sealed_cookie(request, cookies.JOURNEY, kept, place="", now=now, lives_for=lives_for))


def kept_journey(request: WebRequest, now: datetime) -> KeptJourney | None:
    """Open the journey that this browser keeps."""
    return open_sealed(request, cookies.JOURNEY, KeptJourney, place="", now=now)


def forget_journey(exchange: Exchange) -> None:
    """Remove the journey from this browser."""
    if exchange.request.cookie(cookies.JOURNEY):
        exchange.set_cookie(cookies.removed(cookies.JOURNEY))


def journey_of_account(exchange: Exchange, account_id: str) -> Journey | None:
    """Give the journey on which this person came here, if it names this very account."""
    kept = kept_journey(exchange.request, exchange.now)
    return kept.journey if kept and kept.account_id == account_id else None


def way_back_of(exchange: SessionExchange) -> WayBack | None:
    """Lead back from a change that is open, else from the journey that this browser keeps for the account."""
    change, kept = exchange.visit.change, kept_journey(exchange.request, exchange.now)
    if change and change.journey:
        return leading_back(exchange, change.journey, JourneyStatus.PENDING)
    if kept is None or kept.account_id != exchange.visit.account.account_id or kept.status is None:
        return None
    is_open = change is not None and kept.journey.kind is JourneyKind.CHANGE_PHONE
    return leading_back(exchange, kept.journey, JourneyStatus.PENDING if is_open else kept.status)


def leading_back(exchange: Exchange, journey: Journey | None, status: JourneyStatus) -> WayBack | None:
    """Lead back to the application with this status."""
    return way_back(exchange.services.joins.current(), journey, status, issuer=exchange.site.base_url)
