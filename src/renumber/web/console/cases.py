"""The page of one recovery case, and what can be done there, each for a reason."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Step
from renumber.domain.support.case_evidence import BY_OURSELVES, EvidenceKind
from renumber.domain.support.recovery_case import RecoveryCase
from renumber.domain.support.staff import StaffRequest
from renumber.flows.support import cases
from renumber.policies.support.acts import SupportAct
from renumber.policies.support.offers import offered
from renumber.web.access import Malformed
from renumber.web.console.answers import refused
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.finding import open_for_reason
from renumber.web.console.looks import may_see, remember_looks
from renumber.web.console.routes import ConsoleRoutes

routes = ConsoleRoutes()
CASE = "/console/cases/{account_id:str}/{case_id:str}"
BY_HAND = {kind.value: kind for kind in EvidenceKind if kind not in BY_OURSELVES}
ActOnCase = Callable[..., Coroutine[Any, Any, Step[RecoveryCase | None]]]


def path_of(account_id: str, case_id: str) -> str:
    """The address of a case's page."""
    return f"/console/cases/{account_id}/{case_id}"


def _here(exchange: StaffExchange) -> str:
    return path_of(exchange.request.param("account_id"), exchange.request.param("case_id"))


@routes.show(CASE, SupportAct.LOOK)
async def show_case(exchange: StaffExchange) -> ASGIResponse:
    """Show where a case stands, or ask for the reason to look at the account that it is about."""
    account_id, case_id = exchange.request.param("account_id"), exchange.request.param("case_id")
    found = await exchange.site.support.cases.case(account_id, case_id)
    if found is None:
        return exchange.page("console/unknown.html", status=404)
    if not may_see(exchange, account_id):
        return exchange.page("console/reason.html", here=_here(exchange), typed=exchange.returned.typed)
    return exchange.page(
        "console/case.html",
        case=found.case,
        people=found.colleagues,
        acts=offered(found.case, exchange.staff),
        rules=exchange.services.rules.recovery,
        kinds=BY_HAND,
        me=exchange.staff,
        here=_here(exchange),
        typed=exchange.returned.typed,
    )


@routes.act("/console/accounts/{account_id:str}/case", SupportAct.OPEN_CASE)
async def open_one(exchange: StaffExchange) -> ASGIResponse:
    """Open a case for somebody, and go to its page."""
    account_id, reason = exchange.request.param("account_id"), exchange.form.get("reason", "")
    asked = StaffRequest(staff=exchange.staff, account_id=account_id, reason=reason)
    step = await cases.open_case(exchange.services, exchange.client, asked)
    if step.refusal:
        return refused(exchange, step, {"reason": reason}, back=f"/console/accounts/{account_id}")
    assert step.state is not None, "what isn't refused is opened"
    remember_looks(exchange, [account_id])
    return exchange.redirect(path_of(account_id, step.state.case_id))


@routes.act(f"{CASE}/look", SupportAct.LOOK)
async def look_at_case(exchange: StaffExchange) -> ASGIResponse:
    """Open the case for a reason, which the account's history keeps."""
    account_id, reason = exchange.request.param("account_id"), exchange.form.get("reason", "")
    return await open_for_reason(exchange, account_id, {"reason": reason}, back=_here(exchange), onward=_here(exchange))


@routes.act(f"{CASE}/evidence", SupportAct.ADD_EVIDENCE)
async def add_evidence(exchange: StaffExchange) -> ASGIResponse:
    """Take a piece of evidence down; the reason says where its proof is kept."""
    kind = BY_HAND.get(exchange.form.get("kind", ""))
    if kind is None:
        raise Malformed
    return await _do(exchange, kind, act=cases.add_evidence)


@routes.act(f"{CASE}/take", SupportAct.HAND_OVER)
async def take_over(exchange: StaffExchange) -> ASGIResponse:
    """Take the case."""
    return await _do(exchange, exchange.staff.account_id, act=cases.hand_over)


@routes.act(f"{CASE}/put-back", SupportAct.HAND_OVER)
async def put_back(exchange: StaffExchange) -> ASGIResponse:
    """Put the case back to where anybody may take it."""
    return await _do(exchange, "", act=cases.hand_over)


async def _do(exchange: StaffExchange, *more: Any, act: ActOnCase) -> ASGIResponse:
    """Carry an act out on the case that the page shows, for the reason that was typed, and come back to it."""
    account_id, case_id = exchange.request.param("account_id"), exchange.request.param("case_id")
    reason = exchange.form.get("reason", "")
    asked = StaffRequest(staff=exchange.staff, account_id=account_id, reason=reason, case_id=case_id)
    step = await act(exchange.services, exchange.client, asked, *more)
    if step.refusal:
        return refused(exchange, step, {"reason": reason}, back=_here(exchange))
    return exchange.redirect(_here(exchange))


for word, kind, decided in (
    ("submit", SupportAct.SUBMIT_CASE, cases.submit_case),
    ("send-back", SupportAct.SEND_BACK_CASE, cases.send_back_case),
    ("approve", SupportAct.APPROVE_CASE, cases.approve_case),
    ("refuse", SupportAct.REFUSE_CASE, cases.refuse_case),
    ("cancel", SupportAct.CANCEL_CASE, cases.cancel_case),
):
    routes.act(f"{CASE}/{word}", kind)(partial(_do, act=decided))
