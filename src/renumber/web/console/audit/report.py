"""The report on one account, to be printed and read by somebody who has no console."""

from functools import partial

from litestar.response.base import ASGIResponse

from renumber.flows.audit.report import account_report
from renumber.policies.support.acts import SupportAct
from renumber.web.console.audit.chain import CHAIN, here, reason_for
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.looks import may_read_history
from renumber.web.console.routes import ConsoleRoutes
from renumber.web.formats.history import history_rows
from renumber.web.formats.timeline import told_of

routes = ConsoleRoutes()


@routes.show(f"{CHAIN}/report", SupportAct.READ_HISTORY)
async def show_report(exchange: StaffExchange) -> ASGIResponse:
    """Show the report in the language that is asked for."""
    account_id, language = exchange.request.param("account_id"), exchange.request.query("language")
    if not may_read_history(exchange, account_id):
        return reason_for(exchange)
    report = await account_report(exchange.services, exchange.site.support.audit, account_id)
    if report is None:
        return exchange.page("console/unknown.html", status=404)
    if language in exchange.site.languages:
        exchange.language = language
    rows, staff = history_rows(report.entries, partial(told_of, exchange)), exchange.staff
    made_by = {"role": staff.role.value, "id": staff.account_id}
    return exchange.page("console/audit/report.html", report=report, rows=rows, made_by=made_by, here=here(exchange))
