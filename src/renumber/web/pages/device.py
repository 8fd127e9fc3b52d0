"""The page on the phone with which a person answers a push: one shell, which its scripts fill."""

from litestar.response.base import ASGIResponse

from renumber.web.exchange import Exchange
from renumber.web.routes import Routes

routes = Routes()


@routes.show("/device")
async def show(exchange: Exchange) -> ASGIResponse:
    """Show the shell, the same for everyone: whose device this is, only the device knows."""
    return exchange.page("device.html", device_name=exchange.client.browser)
