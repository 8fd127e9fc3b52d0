"""The way back for somebody without any method: asking for it, seeing where it stands, and the link at its end."""

from renumber.web.pages.recovery import link, own_request
from renumber.web.routes import Route

routes: list[Route] = [*own_request.routes, *link.routes]
