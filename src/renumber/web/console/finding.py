"""Where the console begins: finding an account, for a reason."""

from litestar.response.base import ASGIResponse

from renumber.domain.support.staff import StaffRequest
from renumber.flows.support.accounts import look
from renumber.flows.support.finding import Search
from renumber.flows.support.finding import search as find
from renumber.policies.support.acts import SupportAct
from renumber.web.console.answers import refused
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.looks import remember_looks
from renumber.web.console.routes import ConsoleRoutes

routes = ConsoleRoutes()


@routes.show("/console", SupportAct.ENTER)
async def show_search(exchange: StaffExchange) -> ASGIResponse:
    """Show the search, or lead whoever finds nobody to the people that they look after."""
    if not exchange.may(SupportAct.FIND):
        return exchange.redirect("/console/staff")
    return exchange.page("console/find.html", typed=exchange.returned.typed, found=None)


@routes.act("/console/find", SupportAct.FIND)
async def search(exchange: StaffExchange) -> ASGIResponse:
    """Look accounts up by what is typed; a single one is opened, and the reason goes into the history of each."""
    typed = {name: exchange.form.get(name, "") for name in ("search", "reason")}
    asked = Search(staff=exchange.staff, client=exchange.client, wanted=typed["search"], reason=typed["reason"])
    step = await find(exchange.services, exchange.site.support, asked)
    if step.refusal:
        return refused(exchange, step, typed, back="/console")
    remember_looks(exchange, [account.account_id for account in step.state])
    if len(step.state) == 1:
        return exchange.redirect(f"/console/accounts/{step.state[0].account_id}")
    return exchange.page("console/find.html", status=200 if step.state else 404, typed=typed, found=step.state)


async def open_account(exchange: StaffExchange, account_id: str, typed: dict[str, str], *, back: str) -> ASGIResponse:
    """Write the look down and go to the account, or say why it isn't theirs to see."""
    onward = f"/console/accounts/{account_id}"
    return await open_for_reason(exchange, account_id, typed, back=back, onward=onward)


async def open_for_reason(
    exchange: StaffExchange, account_id: str, typed: dict[str, str], *, back: str, onward: str
) -> ASGIResponse:
    """Write the look at an account down and go on to a page about it, or say why it isn't theirs to see."""
    asked = StaffRequest(staff=exchange.staff, account_id=account_id, reason=typed["reason"])
    step = await look(exchange.services, exchange.client, asked)
    if step.refusal:
        return refused(exchange, step, typed, back=back)
    remember_looks(exchange, [account_id])
    return exchange.redirect(onward)
