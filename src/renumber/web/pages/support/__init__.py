"""Pages for somebody whom customer relations helps."""

from renumber.web.pages.support import recovery
from renumber.web.routes import Route

routes: list[Route] = [*recovery.routes]
