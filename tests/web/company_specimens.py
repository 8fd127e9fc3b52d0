"""Specimens of the pages of a company's administrators."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from renumber.domain.phone_change import ChangeState
from renumber.flows.organisations.views import (
    CompanyCase,
    CompanyChange,
    CompanyPage,
    CompanyPerson,
    CompanyPlace,
)
from renumber.web.templating import Problem

NOW = datetime(2026, 11, 24, 13, 32, tzinfo=UTC)
ME, OTHER = "a" * 32, "b" * 32
Context = Mapping[str, object]
Specimens = dict[tuple[str, str], tuple[Context, Context]]
TOO_LATE = Problem(text="There is no open change.")


def a_person(account_id: str = OTHER, name: str = "Erika Muster") -> CompanyPerson:
    return CompanyPerson(account_id=account_id, name=name, email="e…@company.example")


def a_company_change(
    state: ChangeState = ChangeState.AWAITING_COMPANY, person: CompanyPerson | None = None, **more: object
) -> CompanyChange:
    """A change as an administrator sees it."""
    change = {
        "change_id": "c" * 32,
        "old": "+49 ••• ••• 001",
        "new": "+49 ••• ••• 428" if state is ChangeState.COMPLETED else "",
        "requested_at": NOW,
        "until": NOW + timedelta(hours=72),
        "goes_on": False,
        "answered_by": "",
        **more,
    }
    return CompanyChange(person=person or a_person(), state=state, **change)  # type: ignore[arg-type]  # of any field


def a_company_case(**more: object) -> CompanyCase:
    """A recovery as an administrator sees it."""
    case = {"case_id": "d" * 32, "number": "ABCD2345", "opened_at": NOW, "takes_word": True, "has_word": False, **more}
    return CompanyCase(person=a_person(), **case)  # type: ignore[arg-type]  # a builder of any field


def a_company_page(**more: object) -> CompanyPage:
    page = {"name": "Beispiel GmbH", "changes_wait": True, "waiting": (), "cases": (), "recent": (), "older": None}
    return CompanyPage(**{**page, **more})  # type: ignore[arg-type]  # a builder of any field


def company_specimens(about: Context) -> Specimens:
    """Each page in each state."""
    mine = a_company_change(person=a_person(ME, "Anna Schmidt"), goes_on=True)
    theirs = a_company_change(person=a_person(ME, "Anna Schmidt"))
    everything = a_company_page(
        name="Donaudampfschifffahrtselektrizitätenhauptbetriebswerk Beteiligungsgesellschaft mbH",
        waiting=(a_company_change(), mine, theirs),
        cases=(a_company_case(), a_company_case(takes_word=False, has_word=True)),
        recent=tuple(a_company_change(state, answered_by=ME) for state in ChangeState if state != "awaiting_company"),
        older=CompanyPlace(1, "c" * 32),
    )
    first = {"me": ME, "is_first": True, "is_full": False, "notice": None}
    owner = {**about, "is_administrator": True}
    pages: dict[str, Context] = {
        "empty": {**first, "company": a_company_page(changes_wait=False)},
        "full": {**first, "company": everything, "is_full": True},
        "late": {**first, "company": everything, "problem": TOO_LATE},
        "older": {**first, "company": a_company_page(), "is_first": False},
        **{
            notice: {**first, "company": everything, "notice": notice}
            for notice in ("confirmed", "refused", "vouched", "denied")
        },
    }
    asked = {"is_own": False, "action": "/company/changes/b/c"}
    return {
        **{("company.html", state): (context, owner) for state, context in pages.items()},
        ("company_change.html", "asks"): ({**asked, "change": a_company_change()}, owner),
        ("company_change.html", "own"): ({**asked, "change": theirs, "is_own": True}, owner),
        ("company_change.html", "over"): ({**asked, "change": a_company_change(ChangeState.EXPIRED)}, owner),
        ("company_case.html", "asks"): ({**asked, "case": a_company_case()}, owner),
        ("company_case.html", "own"): ({**asked, "case": a_company_case(), "is_own": True}, owner),
        ("company_case.html", "answered"): ({**asked, "case": a_company_case(takes_word=False)}, owner),
    }
