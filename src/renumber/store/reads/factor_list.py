"""All second factors of an account in one query, with its open sessions where a page shows both."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    LargeBinary,
    Select,
    Table,
    and_,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    union_all,
)

from renumber.domain.factor import Factor
from renumber.domain.factor_list import FactorItem, FactorList
from renumber.domain.session import OpenSession
from renumber.domain.totp import Slot
from renumber.store.database.open import Row, Statement
from renumber.store.records.mapper import Columns, Sealer, moment, moment_or_none
from renumber.store.schema import tables

STATUS, SESSION = "status", "session"
MOST_SESSIONS = 100
NO_BYTES, NO_TIME = cast(null(), LargeBinary), cast(null(), BigInteger)
_IN_USE: ColumnElement[str] = literal_column(f"'{Slot.IN_USE}'")
_totp, _codes, _passkey, _device = tables.totp_key, tables.recovery_codes, tables.passkey, tables.device
_status, _session = tables.factor_status, tables.session


def _rows(table: Table, kind: str, key: str, **columns: ColumnElement[Any]) -> Select[Any]:
    """Select the same columns from any of these tables; `sealed` and `place` are ciphertexts of that table."""
    defaults: dict[str, ColumnElement[Any]] = {
        "sealed": NO_BYTES,
        "place": NO_BYTES,
        "made_at": NO_TIME,
        "used_at": NO_TIME,
        "lost_at": NO_TIME,
    }
    own = {name: table.c[found] for name, found in NAMES.items() if found in table.c}
    chosen = {**defaults, **own, **columns}
    listed = [chosen[name].label(name) for name in defaults]
    named = [literal_column(f"'{kind}'").label("kind"), table.c[key].label("key")]
    return select(*named, *listed).where(table.c.account_id == bindparam("account_id"))


NAMES = {"sealed": "name", "made_at": "made_at", "used_at": "last_used_at", "lost_at": "lost_at"}
_PARTS = (
    _rows(_passkey, Factor.PASSKEY, "passkey_id").where(_passkey.c.removed_at.is_(None)),
    _rows(_device, Factor.PUSH, "device_id").where(_device.c.confirmed_at.is_not(None), _device.c.removed_at.is_(None)),
    _rows(_totp, Factor.TOTP, "slot").where(_totp.c.removed_at.is_(None), _totp.c.slot == _IN_USE),
    _rows(_codes, Factor.RECOVERY_CODE, "slot", sealed=_codes.c.digests),
    _rows(_status, STATUS, "factor"),
)
_open = and_(
    _session.c.ended_at.is_(None),
    _session.c.expires_at > bindparam("now"),
    _session.c.seen_at > bindparam("idle_since"),
)
_newest = (
    _rows(
        _session,
        SESSION,
        "session_id",
        sealed=_session.c.browser,
        place=_session.c.ip,
        made_at=_session.c.created_at,
        used_at=_session.c.seen_at,
    )
    .where(_open)
    .order_by(_session.c.created_at.desc())
    .limit(MOST_SESSIONS)
    .subquery()
)
FACTORS = Statement(union_all(*_PARTS))
PROFILE_PARTS = (*_PARTS, select(*_newest.c))
PROFILE = Statement(union_all(*PROFILE_PARTS))


def factor_list_of(rows: Sequence[Row], sealer: Sealer, account_id: str) -> FactorList:
    """Read the factors; a set of codes that is used up or removed is none."""
    columns = {factor: Columns(sealer, table, account_id) for factor, table in TABLES.items()}
    items = [_item(row, columns) for row in rows if row["kind"] in columns]
    kept = sorted((item for item in items if item.left != 0), key=lambda item: item.made_at)
    statuses = [row for row in rows if row["kind"] == STATUS]
    return FactorList(items=kept, used_at=_times(statuses, "used_at"), lost_at=_times(statuses, "lost_at"))


TABLES: Mapping[str, str] = {
    Factor.PASSKEY: _passkey.name,
    Factor.PUSH: _device.name,
    Factor.TOTP: _totp.name,
    Factor.RECOVERY_CODE: _codes.name,
}


def _item(row: Row, columns: Mapping[str, Columns]) -> FactorItem:
    factor, own = Factor(row["kind"]), columns[row["kind"]]
    item = FactorItem(
        factor=factor,
        key=row["key"],
        made_at=moment(row["made_at"]),
        last_used_at=moment_or_none(row["used_at"]),
    )
    if factor is Factor.RECOVERY_CODE:
        return replace(item, left=len(json.loads(own.text("digests", row["sealed"]))["digests"]))
    return replace(item, name=own.text("name", row["sealed"]))


def _times(statuses: Sequence[Row], column: str) -> dict[Factor, datetime]:
    return {Factor(row["key"]): moment(row[column]) for row in statuses if row[column] is not None}


def open_sessions_of(rows: Sequence[Row], sealer: Sealer, account_id: str) -> list[OpenSession]:
    """Read the sessions, newest first."""
    columns = Columns(sealer, _session.name, account_id)
    found = [row for row in rows if row["kind"] == SESSION]
    return [
        OpenSession(
            session_id=row["key"],
            browser=columns.text("browser", row["sealed"]),
            ip=columns.text("ip", row["place"]),
            created_at=moment(row["made_at"]),
            seen_at=moment(row["used_at"]),
        )
        for row in sorted(found, key=lambda row: -row["made_at"])
    ]
