"""The history of an account as its owner reads it: every act, whoever's, and every message."""

from litestar.response.base import ASGIResponse

from renumber.flows.support.account_view import NEWEST, account_view
from renumber.web.exchange import SessionExchange
from renumber.web.formats.timeline import read_place, timeline_rows
from renumber.web.routes import Routes

routes = Routes()


@routes.in_session.show("/profile/activity")
async def show_activity(exchange: SessionExchange) -> ASGIResponse:
    """List what happened, the newest first; of what somebody of staff has noted it says that they did, and not what."""
    account_id, after = exchange.visit.account.account_id, read_place(exchange.request.query("after"))
    view = await account_view(exchange.services, exchange.site.support.views, account_id, after=after)
    assert view is not None, "whoever is signed in has an account"
    rows = timeline_rows(exchange, view.facts.timeline)
    return exchange.page("activity.html", timeline=rows, older=view.facts.older, is_first=after is NEWEST)
