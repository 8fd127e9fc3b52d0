"""The API for programs: JSON in, JSON or problem details out, no cookies."""

from collections.abc import Sequence

from litestar.handlers import HTTPRouteHandler

from renumber.web.api import operator
from renumber.web.api.device import routes as of_devices
from renumber.web.api.routes import ApiRoute
from renumber.web.site import Site

routes: list[ApiRoute] = [*of_devices, *operator.routes]


def handlers(site: Site) -> Sequence[HTTPRouteHandler]:
    """Serve every endpoint on a site."""
    return [each.handler(site) for each in routes]


__all__ = ["handlers", "routes"]
