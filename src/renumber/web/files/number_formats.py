"""The rules by which a browser groups a number while somebody types it: one small file per country."""

import msgspec
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from renumber.policies.number_plans.formats import number_format
from renumber.web.reply import READ, reply
from renumber.web.request import HttpRequest
from renumber.web.shared_signature import Answering

A_DAY = "public, max-age=86400"


def handler() -> HTTPRouteHandler:
    """Answer for each country that has numbers of its own."""

    @Answering("/number-formats/{country:str}", http_method=READ)
    async def serve(request: HttpRequest, country: FromPath[str]) -> ASGIResponse:
        rules = number_format(country)
        if rules is None:
            raise NotFoundException
        return reply(request, msgspec.json.encode(rules), "application/json", headers=[("cache-control", A_DAY)])

    return serve
