"""Where a journey may lead back to: only to pages that an application has named in the joins file."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlsplit, urlunsplit

from renumber.domain.applications.journey import Journey, JourneyStatus
from renumber.policies.joins import Application, Joins

JOURNEY_FOR = timedelta(minutes=5)  # its address; whoever has followed it has as long as any sign-in takes


@dataclass(frozen=True, slots=True)
class WayBack:
    """The application that a person came from, by its name, and the address that leads back to it."""

    name: str
    url: str


def asking_application(joins: Joins, application: str | None, return_to: str) -> Application | None:
    """Find the application that may take people back at this very address; without an id, the only one that may.

    The address is compared as a whole: a prefix or a host would let in whoever finds an open redirect there.
    """
    may = [one for one in joins.applications if return_to in one.return_to and application in (None, one.client_id)]
    return may[0] if len(may) == 1 else None


def way_back(joins: Joins, journey: Journey | None, status: JourneyStatus, *, issuer: str) -> WayBack | None:
    """Lead back to the application, if it still has joined and still names that page.

    It begins a sign-in of its own there, if it can (OpenID Connect Core 4), so that it learns who has come back.
    """
    application = joins.application(journey.application) if journey else None
    if journey is None or application is None or journey.return_to not in ("", *application.return_to):
        return None
    told = {"action": journey.kind.value, "action_status": status.value}
    begun = {"iss": issuer, **({"target_link_uri": journey.return_to} if journey.return_to else {}), **told}
    if application.initiate_login_uri:
        return WayBack(application.name, _with_query(application.initiate_login_uri, begun))
    return WayBack(application.name, _with_query(journey.return_to, told)) if journey.return_to else None


def _with_query(address: str, told: dict[str, str]) -> str:
    parts = urlsplit(address)
    more = "&".join(f"{name}={quote(value, safe='')}" for name, value in told.items())
    return urlunsplit(parts._replace(query=f"{parts.query}&{more}" if parts.query else more))
