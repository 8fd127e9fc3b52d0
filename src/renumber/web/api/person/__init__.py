"""The API of a person: their own account, by an application's access token or by our session cookie."""

from renumber.web.api.operations.documentation import document_operations
from renumber.web.api.operations.operation import Api
from renumber.web.api.person import account, enrolment, factors, phone_change, sessions
from renumber.web.api.person.entrance import entrance
from renumber.web.api.person.operation import PersonOperation
from renumber.web.api.routes import ApiRoutes
from renumber.web.cookies import SESSION
from renumber.web.problem import API_V1

OPERATIONS: list[PersonOperation] = [
    *account.operations,
    *factors.operations,
    *sessions.operations,
    *phone_change.operations,
    *enrolment.operations,
]
API = Api(
    title="Renumber API of a person",
    page=f"{API_V1}/me/docs",
    schemes={
        "access_token": {
            "type": "http",
            "scheme": "bearer",
            "description": "An access token of an application of the joins file, with the scope of the operation.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": SESSION,
            "description": "Our own session, for scripts of the same origin alone; acts send `X-CSRF-Token` as well.",
        },
    },
    operations=OPERATIONS,
)

routes = ApiRoutes(API_V1)
for _one in OPERATIONS:
    routes.for_person(_one.method, _one.path.replace("}", ":str}"))(entrance(_one))
document_operations(routes, API)

__all__ = ["API", "OPERATIONS", "routes"]
