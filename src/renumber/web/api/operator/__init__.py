"""The API for an operator's programs: bearer keys of the joins file in, JSON or problem details out, no cookies."""

from renumber.web.api.operations.documentation import document_operations
from renumber.web.api.operations.operation import Api
from renumber.web.api.operator import acting, events, journeys, organisations, reading, signals, streams
from renumber.web.api.operator.entrance import entrance
from renumber.web.api.routes import ApiRoutes
from renumber.web.problem import API_V1

OPERATIONS = [
    *reading.operations,
    *acting.operations,
    *organisations.operations,
    *journeys.operations,
    *events.operations,
    *streams.operations,
    *signals.operations,
]
API = Api(
    title="Renumber API",
    page=f"{API_V1}/docs",
    schemes={"api_key": {"type": "http", "scheme": "bearer", "description": "An API key of the joins file, `rnk_…`."}},
    operations=OPERATIONS,
)

routes = ApiRoutes(API_V1)
for _one in OPERATIONS:
    routes.for_key(_one.method, _one.path.replace("}", ":str}"))(entrance(_one))
document_operations(routes, API)

__all__ = ["API", "OPERATIONS", "routes"]
