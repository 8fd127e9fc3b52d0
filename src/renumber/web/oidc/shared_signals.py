"""The transmitter's metadata, which receivers of security events read before they make a stream."""

from litestar.response.base import ASGIResponse

from renumber.policies.events.streams import Method
from renumber.web.api.sharing import Origins
from renumber.web.oidc.call import OAuthCall
from renumber.web.oidc.discovery import AN_HOUR
from renumber.web.oidc.routes import OAuthRoutes
from renumber.web.problem import API_V1

routes = OAuthRoutes()


@routes.answers("GET", "/.well-known/ssf-configuration", Origins.ALL)
async def show_transmitter(call: OAuthCall) -> ASGIResponse:
    """Say how streams are made here (OpenID Shared Signals Framework 1.0 7.1)."""
    return call.say(transmitter(call.site.base_url), headers=AN_HOUR)


def transmitter(issuer: str) -> dict[str, object]:
    """The metadata of the transmitter at an address."""
    ssf = f"{issuer}{API_V1}/ssf"
    return {
        "spec_version": "1_0",
        "issuer": issuer,
        "jwks_uri": f"{issuer}/oauth/jwks",
        "delivery_methods_supported": [each.value for each in Method],
        "configuration_endpoint": f"{ssf}/streams",
        "status_endpoint": f"{ssf}/status",
        "add_subject_endpoint": f"{ssf}/subjects/add",
        "remove_subject_endpoint": f"{ssf}/subjects/remove",
        "verification_endpoint": f"{ssf}/verification",
        "critical_subject_members": ["user"],
        "authorization_schemes": [{"spec_urn": "urn:ietf:rfc:6750"}],
        "default_subjects": "ALL",
    }
