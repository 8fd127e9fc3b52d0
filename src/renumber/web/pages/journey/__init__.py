"""The pages of journeys: people whom another application sends here to do one thing."""

from renumber.web.pages.journey import address, management
from renumber.web.routes import Route

routes: list[Route] = [*address.routes, *management.routes]
