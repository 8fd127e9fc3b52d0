"""The people of customer relations: who has which role, and two administrators who give one."""

from collections.abc import Callable, Coroutine
from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.email_address import EmailAddress
from renumber.domain.outcomes import Step
from renumber.domain.support.staff import Role, StaffMember, StaffRequest
from renumber.flows.support.staff import confirm_role, propose_role, remove_staff
from renumber.policies.support.acts import SupportAct
from renumber.web.access import Malformed
from renumber.web.console.answers import refused
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.routes import ConsoleRoutes
from renumber.web.refusals import send_back_incomplete

routes = ConsoleRoutes()
STAFF = "/console/staff"
MOST = 500
ActOnColleague = Callable[..., Coroutine[Any, Any, Step[StaffMember | None]]]


@routes.show(STAFF, SupportAct.SEE_STAFF)
async def show_staff(exchange: StaffExchange) -> ASGIResponse:
    """List everybody who has a role, or is proposed for one."""
    colleagues = await exchange.site.support.colleagues.colleagues(MOST)
    return exchange.page(
        "console/staff.html",
        colleagues=colleagues,
        people={each.member.account_id: each for each in colleagues},
        roles=list(Role),
        me=exchange.staff.account_id,
        typed=exchange.returned.typed,
        lacks=exchange.returned.lacks,
    )


@routes.act(f"{STAFF}/propose", SupportAct.PROPOSE_ROLE)
async def propose(exchange: StaffExchange) -> ASGIResponse:
    """Propose a role for the account of an address."""
    email, role = exchange.form.get("email", "").strip(), _role(exchange, "role")
    found = await exchange.services.store.credentials(EmailAddress(email).key, "")
    if found is None:
        typed = {"email": email, "reason": exchange.form.get("reason", "")}
        return send_back_incomplete(exchange, STAFF, "email", typed=typed)
    return await _do(exchange, found.account_id, role, act=propose_role)


@routes.act(f"{STAFF}/{{account_id:str}}/confirm", SupportAct.CONFIRM_ROLE)
async def confirm(exchange: StaffExchange) -> ASGIResponse:
    """Confirm what another administrator has proposed."""
    return await _do(exchange, exchange.request.param("account_id"), _role(exchange, "confirmed"), act=confirm_role)


@routes.act(f"{STAFF}/{{account_id:str}}/remove", SupportAct.REMOVE_STAFF)
async def remove(exchange: StaffExchange) -> ASGIResponse:
    """Take a role away."""
    return await _do(exchange, exchange.request.param("account_id"), act=remove_staff)


async def _do(exchange: StaffExchange, account_id: str, *more: Any, act: ActOnColleague) -> ASGIResponse:
    reason = exchange.form.get("reason", "")
    asked = StaffRequest(staff=exchange.staff, account_id=account_id, reason=reason)
    step = await act(exchange.services, exchange.client, asked, *more)
    if step.refusal:
        typed = {"reason": reason, "email": exchange.form.get("email", "")}
        return refused(exchange, step, typed, back=STAFF)
    return exchange.redirect(STAFF)


def _role(exchange: StaffExchange, field: str) -> Role:
    given = exchange.form.get(field, "")
    if given not in list(Role):
        raise Malformed
    return Role(given)
