"""Answering for one's people: a change may go on or not, and whether somebody is a colleague."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.flows.organisations.answers import Answer, answer_change, answer_recovery
from renumber.web.access import Malformed
from renumber.web.formats.verbs import Verb, reauthentication_path
from renumber.web.pages.company.exchange import CompanyExchange, CompanyRoutes
from renumber.web.pages.company.overview import HERE
from renumber.web.refusals import send_back

routes = CompanyRoutes()
CHANGE = "/company/changes/{account_id:str}/{change_id:str}"
CASE = "/company/recoveries/{account_id:str}/{case_id:str}"
NO_LONGER = frozenset({Refusal.NOT_YOUR_COMPANY, Refusal.NO_OPEN_CHANGE, Refusal.CASE_CLOSED})


@routes.for_administrator.show(CHANGE)
async def ask_about_change(exchange: CompanyExchange) -> ASGIResponse:
    """Ask about a change that waits; the password comes before the question, so that the answer is the last press."""
    account_id, change_id = exchange.request.param("account_id"), exchange.request.param("change_id")
    change = await exchange.site.companies.change(exchange.administrator.organisation_id, account_id, change_id)
    if change is None:
        return exchange.page("error.html", status=404)
    is_own = account_id == exchange.administrator.account_id
    if change.waits and not is_own and _takes_password(exchange):
        return _confirm_first(exchange)
    return exchange.page("company_change.html", change=change, is_own=is_own, action=exchange.request.here)


@routes.for_administrator.act(CHANGE)
async def say_about_change(exchange: CompanyExchange) -> ASGIResponse:
    """Let the change go on, or refuse it."""
    answer, asked = _answer(exchange), exchange.asked(exchange.request.param("change_id"))
    step = await answer_change(exchange.services, exchange.client, asked, answer=answer)
    return _said(exchange, step.refusal, "confirmed" if answer is Answer.YES else "refused")


@routes.for_administrator.show(CASE)
async def ask_about_recovery(exchange: CompanyExchange) -> ASGIResponse:
    """Ask whether somebody is a colleague."""
    account_id, case_id = exchange.request.param("account_id"), exchange.request.param("case_id")
    case = await exchange.site.companies.case(exchange.administrator.organisation_id, account_id, case_id)
    if case is None:
        return exchange.page("error.html", status=404)
    is_own = account_id == exchange.administrator.account_id
    if case.takes_word and not is_own and _takes_password(exchange):
        return _confirm_first(exchange)
    return exchange.page("company_case.html", case=case, is_own=is_own, action=exchange.request.here)


@routes.for_administrator.act(CASE)
async def say_about_recovery(exchange: CompanyExchange) -> ASGIResponse:
    """Say whether it is a colleague."""
    answer, asked = _answer(exchange), exchange.asked(exchange.request.param("case_id"))
    step = await answer_recovery(exchange.services, exchange.client, asked, answer=answer)
    return _said(exchange, step.refusal, "vouched" if answer is Answer.YES else "denied")


def _answer(exchange: CompanyExchange) -> Answer:
    given = exchange.form.get("answer", "")
    if given not in list(Answer):
        raise Malformed
    return Answer(given)


def _takes_password(exchange: CompanyExchange) -> bool:
    """Say whether the password comes first; a page that is open already, and looks by itself, stays where it is."""
    return not exchange.visit.is_reauthenticated and not exchange.request.is_by_itself


def _confirm_first(exchange: CompanyExchange) -> ASGIResponse:
    return exchange.redirect(reauthentication_path(exchange.request.here, Verb.CONFIRM))


def _said(exchange: CompanyExchange, refusal: Refusal | None, notice: str) -> ASGIResponse:
    """Go back to the page of the company, which says what was done, or why it wasn't."""
    if refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return _confirm_first(exchange)
    if refusal:
        return send_back(exchange, HERE if refusal in NO_LONGER else exchange.request.here, refusal)
    return exchange.redirect(f"{HERE}?notice={notice}")
