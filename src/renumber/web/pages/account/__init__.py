"""Pages to which the account page leads: each method, the sessions, and the questions before a loss."""

from renumber.web.pages.account import activity, applications, asking, methods, sessions
from renumber.web.routes import Route

routes: list[Route] = [*asking.routes, *methods.routes, *sessions.routes, *applications.routes, *activity.routes]
