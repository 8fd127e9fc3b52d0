"""The console of customer relations, for staff that is signed in with a passkey or an authenticator app."""

from renumber.web.console import accounts, audit, backchannel, cases, finding, live, queues, sign_in, staff
from renumber.web.oidc.routes import OAuthRoute
from renumber.web.routes import Route

entrance: list[Route] = [*sign_in.routes]
endpoints: list[OAuthRoute] = [*backchannel.routes]
routes: list[Route] = [
    *finding.routes,
    *accounts.routes,
    *queues.routes,
    *cases.routes,
    *live.routes,
    *staff.routes,
    *audit.routes,
]
