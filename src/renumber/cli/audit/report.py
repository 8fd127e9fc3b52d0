"""`renumber audit report`."""

from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from markupsafe import Markup

from renumber.cli.console import FAILED, pour, stop
from renumber.cli.run import By, find, look, operator
from renumber.flows.account.show import show_to_operator
from renumber.flows.audit.report import AccountReport, account_report
from renumber.locale import PAGES, translations
from renumber.settings import Settings
from renumber.web.formats.history import history_rows
from renumber.web.formats.timeline import told_refusal
from renumber.web.refusal_texts import Circumstances
from renumber.web.templating import Page, Templates
from renumber.wiring.core import Core
from renumber.wiring.desks import audit_services

UTC_ZONE = ZoneInfo("UTC")
SHEET = "console/report.css"


def report(
    account: Annotated[str, typer.Argument(help="The address or id of the account.")],
    language: Annotated[str, typer.Option(help="The language of the report; the first of RENUMBER_LOCALES.")] = "",
    by: By = "",
) -> None:
    """Write a report on one account, as a page of HTML to print.

    It holds masks alone: what happened in the account in plain words, and the proof that none of it was altered. The
    history of the account keeps who has made it.
    """
    pour(look(lambda core: _report(core, account, language, by=by)))


async def _report(core: Core, who: str, language: str, *, by: str) -> str:
    offered = core.settings.locales
    if language and language not in offered:
        stop(f"Give a language out of {', '.join(offered)}.")
    account = await find(core, who)
    if account.email.text:
        await show_to_operator(core.services, operator(core, by), account.account_id)
    found = await account_report(core.services, audit_services(core), account.account_id)
    if found is None:
        stop(f"There is no account for {who}.", FAILED)
    return _page(core.settings, found, language or offered[0], by=by)


def _page(settings: Settings, found: AccountReport, language: str, *, by: str) -> str:
    """Render the page that the console shows, with its sheet inside: it has to be whole as one file."""
    words = translations(language, PAGES, settings.texts_dir)
    templates, now = Templates({language: words}), found.proof.at
    page = Page(
        language=language,
        languages=[],
        brand=settings.brand,
        brand_color=settings.brand_color,
        csrf="",
        path="",
        request_id="",
        zone=UTC_ZONE,
        now=now,
        static=templates.static,
        host=settings.base_url.partition("://")[2],
    )
    about = Circumstances(now=now, zone=UTC_ZONE, language=language)
    rows = history_rows(found.entries, partial(told_refusal, translations=words, about=about))
    sheet = Markup(templates.assets[SHEET].content.decode())  # noqa: S704 - a file of ours
    made_by = {"role": "", "id": by}
    return templates.render(
        "console/audit/report.html", language, page=page, report=found, rows=rows, made_by=made_by, sheet=sheet
    )
