"""The console of customer relations, for staff that is signed in with a passkey or an authenticator app."""

from renumber.web.console import accounts, cases, finding, live, queues, staff
from renumber.web.routes import Route

routes: list[Route] = [
    *finding.routes,
    *accounts.routes,
    *queues.routes,
    *cases.routes,
    *live.routes,
    *staff.routes,
]
