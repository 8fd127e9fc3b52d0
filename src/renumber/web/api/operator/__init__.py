"""The API for an operator's programs: bearer keys of the joins file in, JSON or problem details out, no cookies."""

from renumber.web.api.operator import acting, events, journeys, reading, signals, streams
from renumber.web.api.operator.documentation import document_operations
from renumber.web.api.operator.entrance import entrance
from renumber.web.api.routes import ApiRoutes
from renumber.web.problem import OPERATOR_API

OPERATIONS = [
    *reading.operations,
    *acting.operations,
    *journeys.operations,
    *events.operations,
    *streams.operations,
    *signals.operations,
]

routes = ApiRoutes(OPERATOR_API)
for _one in OPERATIONS:
    routes.for_key(_one.method, _one.path.replace("}", ":str}"))(entrance(_one))
document_operations(routes, OPERATIONS)

__all__ = ["OPERATIONS", "routes"]
