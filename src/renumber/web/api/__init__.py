"""The API for programs: JSON in, JSON or problem details out, no cookies."""

from renumber.web.api import operator
from renumber.web.api.device import routes as of_devices
from renumber.web.api.routes import ApiRoute, handlers

routes: list[ApiRoute] = [*of_devices, *operator.routes]

__all__ = ["handlers", "routes"]
