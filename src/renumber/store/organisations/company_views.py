"""The page of a company, in one query: its name, what waits for it, and a page of its people's changes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Select, and_, bindparam, cast, literal_column, null, select, tuple_, union_all

from renumber.domain.phone_change import ChangeState
from renumber.domain.support.recovery_case import CaseState
from renumber.flows.organisations.views import MOST_WAITING, CompanyCase, CompanyChange, CompanyPage, CompanyPlace
from renumber.store.database.open import Database, Row, Statement
from renumber.store.organisations import organisations
from renumber.store.organisations.company_rows import case_of, change_of
from renumber.store.records.mapper import Joined, Sealer, labelled, ms
from renumber.store.schema import tables

HEAD, WAITING, CASE, RECENT = "head", "waiting", "case", "recent"
_account, _change, _case = tables.account, tables.phone_change, tables.support.recovery_case
_organisation = tables.support.organisation
_HERE: Any = bindparam("organisation_id")
_AWAITING: Any = literal_column(f"'{ChangeState.AWAITING_COMPANY.value}'")
_COLLECTING: Any = literal_column(f"'{CaseState.COLLECTING.value}'")


def _part(kind: str, account_id: Any, key: Any, *, at: Any) -> Select[Any]:
    return select(
        literal_column(f"'{kind}'").label("kind"), account_id.label("account_id"), key.label("key"), at.label("at")
    )


def _limited(part: Select[Any]) -> Select[Any]:
    """A part of a union that has an order and a limit of its own."""
    return select(*part.subquery().c)


def _of_its_people(table: Any) -> Any:
    """Of those alone who belong to it now."""
    return table.join(_account, and_(_account.c.account_id == table.c.account_id, _account.c.organisation_id == _HERE))


_of_changes = _of_its_people(_change)
_head = _part(HEAD, _organisation.c.account_id, _organisation.c.slot, at=cast(null(), BigInteger)).where(
    _organisation.c.account_id == _HERE
)
_waiting = (
    _part(WAITING, _change.c.account_id, _change.c.change_id, at=_change.c.requested_at)
    .select_from(_of_changes)
    .where(_change.c.organisation_id == _HERE, _change.c.state == _AWAITING)
    .order_by(_change.c.requested_at, _change.c.change_id)
    .limit(MOST_WAITING)
)
_cases = (
    _part(CASE, _case.c.account_id, _case.c.case_id, at=_case.c.opened_at)
    .select_from(_of_its_people(_case))
    .where(_case.c.is_open, _case.c.state == _COLLECTING)
    .order_by(_case.c.opened_at, _case.c.case_id)
    .limit(MOST_WAITING)
)
_recent = (
    _part(RECENT, _change.c.account_id, _change.c.change_id, at=_change.c.requested_at)
    .select_from(_of_changes)
    .where(
        _change.c.organisation_id == _HERE,
        _change.c.state != _AWAITING,
        tuple_(_change.c.requested_at, _change.c.change_id) < tuple_(bindparam("requested_ms"), bindparam("change_id")),
    )
    .order_by(_change.c.requested_at.desc(), _change.c.change_id.desc())
    .limit(bindparam("lines"))
)
_feed = union_all(_head, *(_limited(part) for part in (_waiting, _cases, _recent))).subquery("feed")


def _for(kind: str, table: Any, key: Any) -> Any:
    is_kind = _feed.c.kind == literal_column(f"'{kind}'")
    return and_(is_kind, table.c.account_id == _feed.c.account_id, key == _feed.c.key)


_is_change = _feed.c.kind.in_([literal_column(f"'{WAITING}'"), literal_column(f"'{RECENT}'")])
_joined = (
    _feed.join(_account, _account.c.account_id == _feed.c.account_id)
    .outerjoin(_organisation, _for(HEAD, _organisation, _organisation.c.slot))
    .outerjoin(
        _change,
        and_(_is_change, _change.c.account_id == _feed.c.account_id, _change.c.change_id == _feed.c.key),
    )
    .outerjoin(_case, _for(CASE, _case, _case.c.case_id))
)
_TABLES = (_account, _organisation, _change, _case)
ONE_PAGE = Statement(
    select(_feed.c.kind, _feed.c.at, *(column for table in _TABLES for column in labelled(table))).select_from(_joined)
)
ONE_CHANGE = Statement(
    select(*labelled(_account), *labelled(_change))
    .select_from(_of_changes)
    .where(
        _change.c.account_id == bindparam("account_id"),
        _change.c.change_id == bindparam("change_id"),
        _change.c.organisation_id == _HERE,
    )
)
ONE_CASE = Statement(
    select(*labelled(_account), *labelled(_case))
    .select_from(_of_its_people(_case))
    .where(_case.c.account_id == bindparam("account_id"), _case.c.case_id == bindparam("case_id"), _case.c.is_open)
)


class StoredCompanyViews:
    """The CompanyViews port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def page(self, organisation_id: str, *, after: CompanyPlace, lines: int) -> CompanyPage | None:
        """Read its page in one query."""
        values = {"requested_ms": after.requested_ms, "change_id": after.change_id, "lines": lines + 1}
        rows = await self._database.fetch(ONE_PAGE, {"organisation_id": organisation_id, **values})
        head = next((self._row(row) for row in rows if row["kind"] == HEAD), None)
        if head is None:
            return None
        organisation, recent = head.of(organisations.mapper), self._changes(rows, RECENT)[::-1]
        shown = recent[:lines]
        return CompanyPage(
            name=organisation.name,
            changes_wait=organisation.changes_wait,
            waiting=self._changes(rows, WAITING),
            cases=[case_of(self._row(row)) for row in _in_order(rows, CASE, "recovery_case_case_id")],
            recent=shown,
            older=_place_of(shown[-1]) if len(recent) > lines else None,
        )

    def _changes(self, rows: Sequence[Row], kind: str) -> list[CompanyChange]:
        return [change_of(self._row(row)) for row in _in_order(rows, kind, "phone_change_change_id")]

    def _row(self, row: Row) -> Joined:
        return Joined(row, self._sealer)

    async def change(self, organisation_id: str, account_id: str, change_id: str) -> CompanyChange | None:
        """Read one change."""
        values = {"organisation_id": organisation_id, "account_id": account_id, "change_id": change_id}
        rows = await self._database.fetch(ONE_CHANGE, values)
        return change_of(self._row(rows[0])) if rows else None

    async def case(self, organisation_id: str, account_id: str, case_id: str) -> CompanyCase | None:
        """Read one open recovery case."""
        values = {"organisation_id": organisation_id, "account_id": account_id, "case_id": case_id}
        rows = await self._database.fetch(ONE_CASE, values)
        return case_of(self._row(rows[0])) if rows else None


def _in_order(rows: Sequence[Row], kind: str, key: str) -> list[Row]:
    """Those of a kind, the oldest first: no database promises the order of a union."""
    return sorted((row for row in rows if row["kind"] == kind), key=lambda row: (row["at"], row[key]))


def _place_of(change: CompanyChange) -> CompanyPlace:
    return CompanyPlace(ms(change.requested_at), change.change_id)
