"""The entries of the history as they are read: the newest first, or in the order in which they are chained."""

from collections.abc import AsyncIterator, Sequence

from sqlalchemy import Select, bindparam, select, tuple_

from renumber.domain.audit.entries import ChainedEntry, EntryKey, TimeRange
from renumber.flows.ports.store import AuditEntry
from renumber.store.audit.append import entry_of
from renumber.store.audit.checkpoints import LATEST
from renumber.store.database.open import Database, Row, Statement, Values
from renumber.store.records.mapper import Columns, Sealer, moment, ms
from renumber.store.schema.tables import audit

ROWS_AT_ONCE = 1000
BEFORE_ALL, AFTER_ALL = -1, 1 << 62
EVER = TimeRange()

_READ = select(
    audit.c.at,
    audit.c.account_id,
    audit.c.seq,
    audit.c.actor,
    audit.c.act,
    audit.c.subject,
    audit.c.evidence,
    audit.c.origin,
)
PLACE = tuple_(audit.c.at, audit.c.account_id, audit.c.seq)
GIVEN_PLACE = tuple_(bindparam("at"), bindparam("account_id"), bindparam("seq"))
_AT = Statement(
    select(audit.c.at).where(audit.c.account_id == bindparam("account_id"), audit.c.seq == bindparam("seq"))
)
_NEWEST = Statement(
    _READ.where(GIVEN_PLACE > PLACE)
    .order_by(audit.c.at.desc(), audit.c.account_id.desc(), audit.c.seq.desc())
    .limit(bindparam("limit"))
)
_NEWEST_OF_ONE = Statement(
    _READ.where(audit.c.account_id == bindparam("account_id"), audit.c.seq < bindparam("seq"))
    .order_by(audit.c.seq.desc())
    .limit(bindparam("limit"))
)
CHAINED = select(*(column for column in audit.c if column.name != "origin"))


def _page(query: Select[tuple[object, ...]]) -> Statement:
    return Statement(query.limit(bindparam("limit")))


_of_one = CHAINED.where(audit.c.account_id == bindparam("account_id"), audit.c.seq > bindparam("seq"))
_after_place = tuple_(audit.c.account_id, audit.c.seq) > tuple_(bindparam("account_id"), bindparam("seq"))
_IN_ORDER = _page(CHAINED.where(_after_place).order_by(audit.c.account_id, audit.c.seq))
_IN_ORDER_OF_ONE = _page(
    _of_one.where(audit.c.at >= bindparam("since"), audit.c.at < bindparam("until")).order_by(audit.c.seq)
)
_IN_TIME = _page(CHAINED.where(PLACE > GIVEN_PLACE, audit.c.at < bindparam("until")).order_by(*PLACE))


def key_of(row: Row) -> EntryKey:
    """Give the place of an entry that was read."""
    return EntryKey(row["account_id"], row["seq"])


def unsealed(row: Row, sealer: Sealer) -> AuditEntry:
    """Open an entry, with the reason that an operator gave; of an erased account it says neither from where nor why."""
    return entry_of(row, Columns(sealer, audit.name, row["account_id"]))


def chained(row: Row) -> ChainedEntry:
    """Read an entry as it is chained; one whose time was altered to no time at all is read all the same."""
    return ChainedEntry(
        account_id=row["account_id"],
        seq=row["seq"],
        at=moment(min(max(row["at"], 0), LATEST)),
        actor=row["actor"],
        act=row["act"],
        subject=row["subject"],
        evidence=row["evidence"],
        origin_digest=bytes(row["origin_digest"]),
        hash=bytes(row["hash"]),
    )


class AuditEntries:
    """Reads the history beside a running service, a page at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, limit: int, after: EntryKey | None = None) -> Sequence[Row] | None:
        """Read the newest entries of all accounts, or those that come after one; None if that isn't there."""
        if after is None:
            return await self._database.fetch(
                _NEWEST, {"at": AFTER_ALL, "account_id": "", "seq": AFTER_ALL, "limit": limit}
            )
        at = await self._time_of(after)
        if at is None:
            return None
        values = {"at": at, "account_id": after.account_id, "seq": after.seq, "limit": limit}
        return await self._database.fetch(_NEWEST, values)

    async def newest_of(self, account_id: str, limit: int, seq: int = AFTER_ALL) -> Sequence[Row]:
        """Read an account's newest entries, or those that come before one in its chain."""
        return await self._database.fetch(_NEWEST_OF_ONE, {"account_id": account_id, "seq": seq, "limit": limit})

    async def in_order(
        self, account_id: str | None, after: EntryKey | None = None, times: TimeRange = EVER
    ) -> AsyncIterator[Sequence[ChainedEntry]]:
        """Read every entry of one account or of all, in pages: as they are chained, or as they came in a time range."""
        span = {"since": ms(times.since) if times.since else 0, "until": ms(times.until) if times.until else AFTER_ALL}
        if account_id:
            first: Values = {"account_id": account_id, "seq": after.seq if after else BEFORE_ALL, **span}
            pages = self._pages(_IN_ORDER_OF_ONE, first)
        elif times.is_open:
            key = after or EntryKey("", BEFORE_ALL)
            pages = self._pages(_IN_ORDER, {"account_id": key.account_id, "seq": key.seq})
        else:
            pages = self._pages(_IN_TIME, {**await self._before(after, span["since"]), "until": span["until"]})
        async for rows in pages:
            yield [chained(row) for row in rows]

    async def _before(self, after: EntryKey | None, since: int) -> Values:
        at = await self._time_of(after) if after else None
        if after is None or at is None or at < since:
            return {"at": since, "account_id": "", "seq": BEFORE_ALL}
        return {"at": at, "account_id": after.account_id, "seq": after.seq}

    async def _time_of(self, key: EntryKey) -> int | None:
        found = await self._database.fetch(_AT, {"account_id": key.account_id, "seq": key.seq})
        return int(found[0]["at"]) if found else None

    async def _pages(self, statement: Statement, values: Values) -> AsyncIterator[Sequence[Row]]:
        values = {**values, "limit": ROWS_AT_ONCE}
        while rows := await self._database.fetch(statement, values):
            yield rows
            last = rows[-1]
            values = {**values, "at": last["at"], "account_id": last["account_id"], "seq": last["seq"]}
