"""The chain of one account: each entry with its link, and the proof that none was altered."""

from functools import partial

from litestar.response.base import ASGIResponse

from renumber.domain.audit.entries import EntryFilter
from renumber.domain.support.staff import StaffRequest
from renumber.flows.audit.ports import NEWEST, ListPlace
from renumber.flows.audit.reading import open_history
from renumber.policies.support.acts import SupportAct
from renumber.web.console.answers import refused
from renumber.web.console.audit.entries import HISTORY
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.looks import may_read_history, remember_histories
from renumber.web.console.routes import ConsoleRoutes
from renumber.web.formats.history import history_rows
from renumber.web.formats.timeline import told_of

routes = ConsoleRoutes()
CHAIN = f"{HISTORY}/{{account_id:str}}"
LINES = 50


def here(exchange: StaffExchange) -> str:
    """The path of the chain that the request is about."""
    return f"{HISTORY}/{exchange.request.param('account_id')}"


def reason_for(exchange: StaffExchange) -> ASGIResponse:
    """Ask for the reason to read this account's history."""
    return exchange.page("console/reason.html", here=here(exchange), typed=exchange.returned.typed)


@routes.show(CHAIN, SupportAct.READ_HISTORY)
async def show_chain(exchange: StaffExchange) -> ASGIResponse:
    """Show the entries of one account with their hashes, the newest first, or ask for the reason."""
    account_id = exchange.request.param("account_id")
    if not may_read_history(exchange, account_id):
        return reason_for(exchange)
    before, wanted = _before(exchange.request.query("before")), EntryFilter(account_id=account_id)
    found = await exchange.site.support.audit.entries.found(wanted, before, LINES + 1)
    return exchange.page(
        "console/audit/chain.html",
        account_id=account_id,
        here=here(exchange),
        entries=history_rows(found[:LINES], partial(told_of, exchange)),
        before=found[LINES] if len(found) > LINES else None,
        is_first=before is NEWEST,
    )


def _before(given: str) -> ListPlace:
    is_number = given.isascii() and given.isdigit() and len(given) < 19
    return ListPlace(NEWEST.at_ms, "", int(given)) if is_number else NEWEST


@routes.act(f"{CHAIN}/look", SupportAct.READ_HISTORY)
async def read_chain(exchange: StaffExchange) -> ASGIResponse:
    """Open the history of the account for a reason, which it keeps."""
    account_id, reason = exchange.request.param("account_id"), exchange.form.get("reason", "")
    asked = StaffRequest(staff=exchange.staff, account_id=account_id, reason=reason)
    step = await open_history(exchange.services, exchange.client, asked)
    if step.refusal:
        return refused(exchange, step, {"reason": reason}, back=here(exchange))
    remember_histories(exchange, [account_id])
    return exchange.redirect(here(exchange))


@routes.show(f"{CHAIN}/proof", SupportAct.READ_HISTORY)
async def show_proof(exchange: StaffExchange) -> ASGIResponse:
    """Verify the chain now, and show what was found and what vouches for it; nothing is changed."""
    account_id = exchange.request.param("account_id")
    if not may_read_history(exchange, account_id):
        return reason_for(exchange)
    proof = await exchange.site.support.audit.proofs.prove(account_id)
    if proof is None:
        return exchange.page("console/unknown.html", status=404)
    return exchange.page("console/audit/proof.html", proof=proof, here=here(exchange))
