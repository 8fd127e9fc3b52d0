"""The entries of all accounts, with filters: ids and acts alone, and nothing of a person."""

import re
from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

from litestar.response.base import ASGIResponse

from renumber.domain.actor import Actor
from renumber.domain.audit.entries import ChainedEntry, EntryFilter, Outcome
from renumber.domain.facts import Fact
from renumber.flows.audit.ports import NEWEST, ListPlace
from renumber.flows.support.finding import ACCOUNT_ID, CASE_NUMBER
from renumber.policies.support.acts import SupportAct
from renumber.web.console.audit.times import days_between
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.looks import may_read_history
from renumber.web.console.routes import ConsoleRoutes
from renumber.web.formats.history import history_rows
from renumber.web.formats.timeline import told_of

routes = ConsoleRoutes()
HISTORY = "/console/history"
LINES = 50
FIELDS = ("from", "to", "act", "actor", "outcome", "staff", "account", "subject")
PLACE = re.compile(r"(\d{1,18})\.([0-9a-f]{32})\.(\d{1,18})", re.ASCII)


@routes.show(HISTORY, SupportAct.READ_HISTORY)
async def show_entries(exchange: StaffExchange) -> ASGIResponse:
    """Show the newest entries that the filters let through; those of one account for a reason alone."""
    typed = {name: exchange.request.query(name).strip() for name in FIELDS}
    if CASE_NUMBER.fullmatch(typed["account"].upper()):
        return await _to_case(exchange, typed)
    account_id = typed["account"]
    if account_id and not ACCOUNT_ID.fullmatch(account_id):
        return exchange.page("console/audit/entries.html", status=400, entries=None, **_offered(typed))
    if account_id and not may_read_history(exchange, account_id):
        return exchange.page("console/reason.html", here=f"{HISTORY}/{account_id}", typed={})
    wanted = _filter(exchange, typed)
    found = await exchange.site.support.audit.entries.found(wanted, _place(exchange), LINES + 1)
    older = _older(typed, found[LINES - 1]) if len(found) > LINES else ""
    rows = history_rows(found[:LINES], partial(told_of, exchange))
    return exchange.page("console/audit/entries.html", entries=rows, older=older, **_offered(typed))


async def _to_case(exchange: StaffExchange, typed: Mapping[str, str]) -> ASGIResponse:
    """Lead on to the entries of a case, which is about one account."""
    number = typed["account"].upper().replace("-", "")
    case = await exchange.site.support.reads.case_numbered(number)
    if case is None:
        return exchange.page("console/audit/entries.html", status=404, entries=None, **_offered(typed))
    named = {**typed, "account": case.account_id, "subject": case.case_id}
    return exchange.redirect(f"{HISTORY}?{_query(named)}")


def _filter(exchange: StaffExchange, typed: Mapping[str, str]) -> EntryFilter:
    """Read the filters; a choice that we don't offer narrows nothing."""
    outcome = typed["outcome"]
    return EntryFilter(
        times=days_between(typed["from"], typed["to"], exchange.request.zone),
        act=typed["act"] if typed["act"] in set(Fact) else "",
        actor=typed["actor"] if typed["actor"] in set(Actor) else "",
        outcome=Outcome(outcome) if outcome in set(Outcome) else None,
        staff_id=typed["staff"] if ACCOUNT_ID.fullmatch(typed["staff"]) else "",
        account_id=typed["account"],
        subject=typed["subject"] if ACCOUNT_ID.fullmatch(typed["subject"]) else "",
    )


def _offered(typed: Mapping[str, str]) -> dict[str, object]:
    return {"typed": typed, "acts": list(Fact), "actors": list(Actor), "is_narrowed": any(typed.values())}


def _place(exchange: StaffExchange) -> ListPlace:
    found = PLACE.fullmatch(exchange.request.query("after"))
    return ListPlace(int(found[1]), found[2], int(found[3])) if found else NEWEST


def _older(typed: Mapping[str, str], last: ChainedEntry) -> str:
    after = ListPlace(round(last.at.timestamp() * 1000), last.account_id, last.seq)
    return f"{HISTORY}?{_query({**typed, 'after': str(after)})}"


def _query(typed: Mapping[str, str]) -> str:
    return urlencode({name: value for name, value in typed.items() if value})
