"""Signing out at the request of an application (OpenID Connect RP-Initiated Logout 1.0)."""

from dataclasses import dataclass

from renumber.flows.services import Services
from renumber.policies.joins import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A request to sign out: of which session, as far as an ID token says so, and where to go then."""

    application: Application | None = None
    session_id: str = ""
    onward: str = ""


async def read_leaving(services: Services, *, hint: str, client_id: str, onward: str) -> Leaving | None:
    """Check a request to sign out; None if the ID token, the application and the address don't belong together."""
    claims = await services.signed_tokens.read(hint) if hint else {}
    if claims is None:
        return None
    named = client_id or str(claims.get("aud", ""))
    if claims and claims.get("aud") != named:
        return None
    application = services.joins.current().application(named) if named else None
    if (named and application is None) or (onward and not _is_own(application, onward)):
        return None
    return Leaving(application=application, session_id=str(claims.get("sid", "")), onward=onward)


def _is_own(application: Application | None, onward: str) -> bool:
    return application is not None and onward in application.post_logout_redirect_uris
