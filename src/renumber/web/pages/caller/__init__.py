"""The pages of somebody who is on the phone with customer relations: the number that is read out, and their check."""

from renumber.web.pages.caller import check, number
from renumber.web.routes import Route

routes: list[Route] = [*number.routes, *check.routes]
