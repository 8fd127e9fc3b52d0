"""The OpenID provider: endpoints for applications, and the pages between them and a person."""

from renumber.web.oidc import authorize, discovery, onward, tokens, userinfo
from renumber.web.oidc.routes import OAuthRoute
from renumber.web.routes import Route

endpoints: list[OAuthRoute] = [*discovery.routes, *authorize.routes, *tokens.routes, *userinfo.routes]
pages: list[Route] = [*onward.routes]

__all__ = ["endpoints", "pages"]
