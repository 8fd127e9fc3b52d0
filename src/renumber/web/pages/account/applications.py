"""The applications that the person has given something to, and taking it back."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.flows.oidc.withdraw import HeldBy, held_by_applications, withdraw
from renumber.web.exchange import SessionExchange
from renumber.web.formats.scope_texts import in_order
from renumber.web.routes import Routes

routes = Routes()

HERE = "/profile/applications"
ONE = f"{HERE}/{{client_id:str}}/withdraw"


@routes.in_session.show(HERE)
async def show_applications(exchange: SessionExchange) -> ASGIResponse:
    """List the applications, what each may learn, and since when."""
    held = await held_by_applications(exchange.services, exchange.visit)
    is_done = exchange.request.query("notice") == "withdrawn"
    return exchange.page("applications.html", applications=[_row(each) for each in held], is_done=is_done)


def _row(held: HeldBy) -> dict[str, Any]:
    holding = held.holding
    row = {"id": holding.client_id, "name": held.name, "foreign": held.is_foreign, "scopes": in_order(holding.scopes)}
    return {**row, "since": holding.since, "last_at": holding.last_at}


@routes.in_session.show(ONE)
async def ask_to_withdraw(exchange: SessionExchange) -> ASGIResponse:
    """Ask before what an application was given is taken back."""
    named = exchange.request.param("client_id")
    held = {each.holding.client_id: each for each in await held_by_applications(exchange.services, exchange.visit)}
    one = held.get(named)
    if one is None:
        return exchange.redirect(HERE)
    about: dict[str, Any] = {"name": one.name, "foreign": one.is_foreign}
    return exchange.page("ask.html", act="withdraw", action=exchange.request.http.url.path, back_url=HERE, **about)


@routes.in_session.take_away(ONE)
async def withdraw_access(exchange: SessionExchange) -> ASGIResponse:
    """Take back all that an application was given."""
    await withdraw(exchange.services, exchange.client, exchange.ticket, exchange.request.param("client_id"))
    return exchange.redirect(f"{HERE}?notice=withdrawn")
