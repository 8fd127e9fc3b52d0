"""The pages of a company's administrators: what waits for them, and what their people have changed."""

from renumber.web.pages.company import answering, live, overview
from renumber.web.routes import Route

routes: list[Route] = [*overview.routes, *answering.routes, *live.routes]
