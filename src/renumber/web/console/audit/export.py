"""Exporting the history as a file that is written while it is read, for a reason that the history keeps."""

import asyncio
from collections.abc import AsyncGenerator

from litestar.response.base import ASGIResponse

from renumber.domain.audit.entries import ExportFormat
from renumber.domain.support.staff import StaffRequest
from renumber.flows.audit.reading import ExportScope, begin_export
from renumber.flows.support.finding import ACCOUNT_ID
from renumber.policies.audit.export import MEDIA_TYPES, exported, heading
from renumber.policies.support.acts import SupportAct
from renumber.web.console.answers import refused
from renumber.web.console.audit.times import days_between
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.routes import ConsoleRoutes
from renumber.web.refusals import send_back_incomplete
from renumber.web.streams.events import StreamedFile

routes = ConsoleRoutes()
EXPORT = "/console/export"
FIELDS = ("from", "to", "account", "format", "reason")
AT_ONCE = 250  # entries that are written before others have their turn: a few milliseconds


@routes.show(EXPORT, SupportAct.EXPORT_HISTORY)
async def show_export(exchange: StaffExchange) -> ASGIResponse:
    """Ask what is to be exported, and why."""
    typed = {"account": exchange.request.query("account"), **exchange.returned.typed}
    return exchange.page("console/audit/export.html", typed=typed, lacks=exchange.returned.lacks)


@routes.act(EXPORT, SupportAct.EXPORT_HISTORY)
async def export(exchange: StaffExchange) -> ASGIResponse:
    """Write the export into the history, and send it."""
    typed = {name: exchange.form.get(name, "").strip() for name in FIELDS}
    account_id, form = typed["account"], _format(typed["format"])
    if account_id and not ACCOUNT_ID.fullmatch(account_id):
        return send_back_incomplete(exchange, EXPORT, "account", typed=typed)
    scope = ExportScope(form, days_between(typed["from"], typed["to"], exchange.request.zone))
    asked = StaffRequest(staff=exchange.staff, account_id=account_id, reason=typed["reason"])
    step = await begin_export(exchange.services, exchange.client, asked, scope=scope)
    if step.refusal:
        return refused(exchange, step, typed, back=EXPORT)
    name = f"history-{exchange.now:%Y-%m-%d}.{form}"
    return StreamedFile(_lines(exchange, account_id or None, scope), MEDIA_TYPES[form], name)


def _format(given: str) -> ExportFormat:
    return ExportFormat(given) if given in set(ExportFormat) else ExportFormat.JSONL


async def _lines(exchange: StaffExchange, account_id: str | None, scope: ExportScope) -> AsyncGenerator[str, None]:
    """Write page after page, and let others have their turn in between: nothing is held in memory as a whole."""
    yield heading(scope.form)
    async for entries in exchange.site.support.audit.export.in_order(account_id, times=scope.times):
        for first in range(0, len(entries), AT_ONCE):
            yield exported(entries[first : first + AT_ONCE], scope.form)
            await asyncio.sleep(0)
