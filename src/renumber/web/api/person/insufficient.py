"""The challenges to whoever has not shown enough (RFC 9470), with the pages on which that is mended."""

from datetime import timedelta

from renumber.policies.oidc.assurance import Acr
from renumber.web.api.bearer import BEARER, ShownToken, TokenFault, challenges, nonce_for
from renumber.web.api.call import ApiCall
from renumber.web.api.operations.entrance import REALM
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.operations.shapes import Flow
from renumber.web.api.person.operation import PersonOperation
from renumber.web.formats.verbs import reauthentication_path

AUTHENTICATE = "authenticate"


def flow(call: ApiCall, action: str, path: str) -> dict[str, str]:
    """Name a page of ours that helps, by its whole address."""
    helping = Flow(action=action, page=f"{call.site.base_url}{path}")
    return {"action": helping.action, "page": helping.page}


def not_signed_in(call: ApiCall, page: str = "/sign-in") -> Problem:
    """Ask for a token or a session (RFC 6750 3.1)."""
    more = {"flows": [flow(call, "sign_in", page)]}
    return Problem(code=Code.NOT_SIGNED_IN, more=more, headers=tuple(challenges("Renumber")))


def token_refused(call: ApiCall, shown: ShownToken | None, fault: TokenFault) -> Problem:
    """Say only that a token doesn't hold, or that the proof of its key doesn't (RFC 9449 7.1)."""
    more = {"flows": [flow(call, "sign_in", "/oauth/authorize")]}
    way = shown.way if shown else BEARER
    headers = challenges("Renumber", way=way, error=f'error="{fault}"')
    return Problem(code=Code.NOT_SIGNED_IN, more=more, headers=(*headers, *nonce_for(call.request, fault)))


def insufficient(call: ApiCall, operation: PersonOperation, *, detail: str = "") -> Problem:
    """Ask for a fresh authentication by two factors; `max_age` is 0 where the sign-in itself is not enough."""
    fresh_for: timedelta = call.services.rules.limits.fresh_for
    max_age = 0 if operation.reauthenticates else int(fresh_for.total_seconds())
    challenge = f'{REALM}, error="insufficient_user_authentication", max_age={max_age}, acr_values="{Acr.TWO_FACTORS}"'
    by_token = bool(call.request.header("authorization"))
    again = "/oauth/authorize" if by_token else reauthentication_path(operation.page)
    flows = [flow(call, AUTHENTICATE, again), flow(call, operation.action, operation.page)]
    more = {"max_age": max_age, "acr_values": Acr.TWO_FACTORS.value, "flows": flows}
    headers = (("www-authenticate", challenge),)
    return Problem(code=Code.AUTHENTICATION_INSUFFICIENT, detail=detail, more=more, headers=headers)
