"""The API for programs: JSON in, JSON or problem details out."""

from renumber.web.api import operator, person
from renumber.web.api.device import routes as of_devices
from renumber.web.api.operations.documentation import lead_to_problems
from renumber.web.api.routes import ApiRoute, ApiRoutes, handlers
from renumber.web.problem import API_V1

problems = ApiRoutes(API_V1)
lead_to_problems(problems, [operator.API, person.API])
routes: list[ApiRoute] = [*of_devices, *operator.routes, *person.routes, *problems]

__all__ = ["handlers", "routes"]
