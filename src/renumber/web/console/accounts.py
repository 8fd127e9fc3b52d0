"""The page of one account at the console, and what can be done there."""

from litestar.response.base import ASGIResponse

from renumber.domain.account import Account
from renumber.domain.support.staff import StaffRequest
from renumber.flows.support.accounts import freeze_by_staff, note
from renumber.flows.support.opening import CalledByStaff
from renumber.policies.support.acts import SupportAct
from renumber.web.console.answers import refused
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.finding import open_account
from renumber.web.console.looks import may_see
from renumber.web.console.routes import ConsoleRoutes

routes = ConsoleRoutes()
ActOnAccount = CalledByStaff[[], Account | None]
ACCOUNT = "/console/accounts/{account_id:str}"


def here(exchange: StaffExchange) -> str:
    """The path of the account that the request is about."""
    return f"/console/accounts/{exchange.request.param('account_id')}"


@routes.show(ACCOUNT, SupportAct.LOOK)
async def show_account(exchange: StaffExchange) -> ASGIResponse:
    """Show where an account stands, or ask for the reason to look."""
    account_id = exchange.request.param("account_id")
    account = await exchange.services.store.find_account(account_id)
    if account is None or not account.email.text:
        return exchange.page("console/unknown.html", status=404)
    if not may_see(exchange, account_id):
        return exchange.page("console/reason.html", here=here(exchange), typed=exchange.returned.typed)
    return exchange.page("console/account.html", account=account, here=here(exchange), typed=exchange.returned.typed)


@routes.act(f"{ACCOUNT}/look", SupportAct.LOOK)
async def look_again(exchange: StaffExchange) -> ASGIResponse:
    """Open the account for a reason."""
    typed = {"reason": exchange.form.get("reason", "")}
    return await open_account(exchange, exchange.request.param("account_id"), typed, back=here(exchange))


@routes.act(f"{ACCOUNT}/note", SupportAct.NOTE)
async def leave_note(exchange: StaffExchange) -> ASGIResponse:
    """Leave a note."""
    return await _do(exchange, note)


@routes.act(f"{ACCOUNT}/freeze", SupportAct.FREEZE)
async def freeze(exchange: StaffExchange) -> ASGIResponse:
    """Freeze it."""
    return await _do(exchange, freeze_by_staff)


async def _do(exchange: StaffExchange, act: ActOnAccount) -> ASGIResponse:
    """Carry an act out on this account, for the reason that was typed, and come back to its page."""
    account_id, reason = exchange.request.param("account_id"), exchange.form.get("reason", "")
    asked = StaffRequest(staff=exchange.staff, account_id=account_id, reason=reason)
    step = await act(exchange.services, exchange.client, asked)
    if step.refusal:
        return refused(exchange, step.refusal, {"reason": reason}, back=here(exchange))
    return exchange.redirect(here(exchange))
