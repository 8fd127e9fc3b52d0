"""The page of one account at the console, and what can be done there."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.support.staff import StaffRequest
from renumber.flows.phone_change.request import resend_link_at
from renumber.flows.support.account_view import NEWEST, AccountView, account_view
from renumber.flows.support.accounts import (
    cancel_change_by_staff,
    end_sessions_by_staff,
    freeze_by_staff,
    note,
    restore_by_staff,
    send_link_by_staff,
)
from renumber.flows.support.caller.ask import ask_caller, ask_caller_by_mail, withdraw_check
from renumber.flows.support.caller.views import caller_view
from renumber.flows.support.opening import CalledByStaff
from renumber.policies.support.acts import SupportAct
from renumber.web.console.answers import refused
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.finding import open_account
from renumber.web.console.looks import may_see
from renumber.web.console.routes import ConsoleRoutes
from renumber.web.formats.factor_rows import factor_rows
from renumber.web.formats.timeline import read_place, timeline_rows
from renumber.web.forms.returned_forms import Returned

routes = ConsoleRoutes()
ActOnAccount = CalledByStaff[[], Any]
ACCOUNT = "/console/accounts/{account_id:str}"
HELP = {
    SupportAct.SEND_LINK_AGAIN: send_link_by_staff,
    SupportAct.CANCEL_CHANGE: cancel_change_by_staff,
    SupportAct.RESTORE_FACTOR: restore_by_staff,
    SupportAct.END_SESSIONS: end_sessions_by_staff,
    SupportAct.FREEZE: freeze_by_staff,
    SupportAct.NOTE: note,
}


def here(exchange: StaffExchange) -> str:
    """The path of the account that the request is about."""
    return f"/console/accounts/{exchange.request.param('account_id')}"


@routes.show(ACCOUNT, SupportAct.LOOK)
async def show_account(exchange: StaffExchange) -> ASGIResponse:
    """Show where an account stands, or ask for the reason to look."""
    account_id, returned = exchange.request.param("account_id"), exchange.returned
    if not may_see(exchange, account_id):
        return exchange.page("console/reason.html", here=here(exchange), typed=returned.typed)
    after = read_place(exchange.request.query("after"))
    view = await account_view(exchange.services, exchange.site.support.views, account_id, after=after)
    if view is None:
        return exchange.page("console/unknown.html", status=404)
    return _page(exchange, view, is_first=after is NEWEST)


def _page(exchange: StaffExchange, view: AccountView, *, is_first: bool) -> ASGIResponse:
    facts, rules = view.facts, exchange.services.rules
    rows = [row for row in factor_rows(facts.account, facts.factor_list, rules.methods) if row["is_there"]]
    return exchange.page(
        "console/account.html",
        view=view,
        facts=facts,
        account=facts.account,
        caller=caller_view(exchange.services, facts.check, exchange.staff),
        factors=rows,
        timeline=timeline_rows(exchange, facts.timeline),
        resend_at=resend_link_at(exchange.services, facts.change) if facts.change else None,
        here=here(exchange),
        is_first=is_first,
        typed=exchange.returned.typed,
        done=exchange.returned.typed.get("done", ""),
    )


@routes.act(f"{ACCOUNT}/look", SupportAct.LOOK)
async def look_again(exchange: StaffExchange) -> ASGIResponse:
    """Open the account for a reason."""
    typed = {"reason": exchange.form.get("reason", "")}
    return await open_account(exchange, exchange.request.param("account_id"), typed, back=here(exchange))


@routes.act(f"{ACCOUNT}/link", SupportAct.SEND_LINK_AGAIN)
async def send_link(exchange: StaffExchange) -> ASGIResponse:
    """Send the link again."""
    return await _do(exchange, SupportAct.SEND_LINK_AGAIN)


@routes.act(f"{ACCOUNT}/cancel", SupportAct.CANCEL_CHANGE)
async def cancel(exchange: StaffExchange) -> ASGIResponse:
    """Cancel the change."""
    return await _do(exchange, SupportAct.CANCEL_CHANGE)


@routes.act(f"{ACCOUNT}/restore", SupportAct.RESTORE_FACTOR)
async def restore(exchange: StaffExchange) -> ASGIResponse:
    """Reactivate what wrong codes have paused."""
    return await _do(exchange, SupportAct.RESTORE_FACTOR)


@routes.act(f"{ACCOUNT}/sessions", SupportAct.END_SESSIONS)
async def end_sessions(exchange: StaffExchange) -> ASGIResponse:
    """Sign everybody out."""
    return await _do(exchange, SupportAct.END_SESSIONS)


@routes.act(f"{ACCOUNT}/freeze", SupportAct.FREEZE)
async def freeze(exchange: StaffExchange) -> ASGIResponse:
    """Freeze it."""
    return await _do(exchange, SupportAct.FREEZE)


@routes.act(f"{ACCOUNT}/note", SupportAct.NOTE)
async def leave_note(exchange: StaffExchange) -> ASGIResponse:
    """Leave a note."""
    return await _do(exchange, SupportAct.NOTE)


@routes.act(f"{ACCOUNT}/caller", SupportAct.CHECK_CALLER)
async def check_caller(exchange: StaffExchange) -> ASGIResponse:
    """Begin a check whose number is read out."""
    return await _carry_out(exchange, "ask_caller", ask_caller)


@routes.act(f"{ACCOUNT}/caller/mail", SupportAct.CHECK_CALLER)
async def check_caller_by_mail(exchange: StaffExchange) -> ASGIResponse:
    """Begin a check whose link goes to the mailbox on file."""
    return await _carry_out(exchange, "ask_caller_by_mail", ask_caller_by_mail)


@routes.act(f"{ACCOUNT}/caller/withdraw", SupportAct.CHECK_CALLER)
async def withdraw(exchange: StaffExchange) -> ASGIResponse:
    """Withdraw the check."""
    return await _carry_out(exchange, "withdraw_check", withdraw_check)


async def _do(exchange: StaffExchange, kind: SupportAct) -> ASGIResponse:
    return await _carry_out(exchange, kind.value, HELP[kind])


async def _carry_out(exchange: StaffExchange, done: str, act: ActOnAccount) -> ASGIResponse:
    """Carry an act out on this account, for the reason that was typed, and come back to its page, which says so."""
    account_id, reason = exchange.request.param("account_id"), exchange.form.get("reason", "")
    asked = StaffRequest(staff=exchange.staff, account_id=account_id, reason=reason)
    step = await act(exchange.services, exchange.client, asked)
    if step.refusal:
        return refused(exchange, step, {"reason": reason}, back=here(exchange))
    return exchange.hand_on(here(exchange), Returned(typed={"done": done}))
