"""The OpenID provider: endpoints for applications, and the pages between them and a person."""

from renumber.web.oidc import (
    authorize,
    discovery,
    logout,
    onward,
    pushed,
    shared_signals,
    step_up,
    token_state,
    tokens,
    userinfo,
)
from renumber.web.oidc.routes import OAuthRoute
from renumber.web.routes import Route

endpoints: list[OAuthRoute] = [
    *discovery.routes,
    *shared_signals.routes,
    *authorize.routes,
    *pushed.routes,
    *tokens.routes,
    *token_state.routes,
    *userinfo.routes,
    *logout.endpoints,
]
pages: list[Route] = [*onward.routes, *step_up.routes, *logout.routes]

__all__ = ["endpoints", "pages"]
