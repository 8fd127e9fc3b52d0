"""The provider's metadata and its public keys, which applications read before they ask."""

from litestar.response.base import ASGIResponse

from renumber.domain.oidc.request import ResponseMode
from renumber.policies.oidc.action import ACTIONS
from renumber.policies.oidc.algorithms import SIGNATURE_ALGORITHMS, STRICT_ALGORITHMS
from renumber.policies.oidc.assurance import CLASSES
from renumber.policies.oidc.claims import CLAIMS_BY_SCOPE
from renumber.policies.oidc.scopes import PersonScope
from renumber.web.api.sharing import Origins
from renumber.web.oidc.call import OAuthCall
from renumber.web.oidc.routes import OAuthRoutes

routes = OAuthRoutes()

AN_HOUR = (("cache-control", "public, max-age=3600"),)
CLIENT_AUTHENTICATION = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]


@routes.answers("GET", "/.well-known/openid-configuration", Origins.ALL)
@routes.answers("GET", "/.well-known/oauth-authorization-server", Origins.ALL)
async def show_metadata(call: OAuthCall) -> ASGIResponse:
    """Say what the provider can do, and where (OpenID Connect Discovery 3, RFC 8414)."""
    return call.say(metadata(call.site.base_url, call.site.languages), headers=AN_HOUR)


def metadata(issuer: str, languages: tuple[str, ...]) -> dict[str, object]:
    """The metadata of the provider at an address."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "userinfo_endpoint": f"{issuer}/oauth/userinfo",
        "pushed_authorization_request_endpoint": f"{issuer}/oauth/par",
        "require_pushed_authorization_requests": False,  # of all; those of the profile fapi2 have to
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "introspection_endpoint": f"{issuer}/oauth/introspect",
        "end_session_endpoint": f"{issuer}/oauth/logout",
        "jwks_uri": f"{issuer}/oauth/jwks",
        "scopes_supported": ["openid", *CLAIMS_BY_SCOPE, "offline_access", *PersonScope],
        "claims_supported": ["sub", "auth_time", "acr", "amr", "sid", *_claims()],
        "acr_values_supported": [each.value for each in CLASSES],
        "response_types_supported": ["code"],
        "response_modes_supported": [each.value for each in ResponseMode],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "token_endpoint_auth_methods_supported": CLIENT_AUTHENTICATION,
        "token_endpoint_auth_signing_alg_values_supported": list(SIGNATURE_ALGORITHMS),
        "dpop_signing_alg_values_supported": list(STRICT_ALGORITHMS),
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "account_management_uri": f"{issuer}/account",
        "account_management_actions_supported": list(ACTIONS),
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "ui_locales_supported": list(languages),
    }


def _claims() -> list[str]:
    return [name for names in CLAIMS_BY_SCOPE.values() for name in names]


@routes.answers("GET", "/oauth/jwks", Origins.ALL)
async def show_keys(call: OAuthCall) -> ASGIResponse:
    """Give the public keys: of the last turn, of this one, and of the next."""
    return call.say(await call.services.signed_tokens.published(), headers=AN_HOUR)
