"""The Streams port."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Text, and_, bindparam, cast, delete, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from renumber.domain.account import NOBODY
from renumber.policies.events.signals import SecurityEvent
from renumber.policies.events.streams import Stream, StreamStatus
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Statement
from renumber.store.events.publish import TURN
from renumber.store.records.mapper import Sealer, ms
from renumber.store.schema.streams import left_out, security_event, stream
from renumber.store.schema.tables import account
from renumber.store.streams.rows import INSERT_EVENT, INSERT_STREAM, LAST_POSITION, WAITING, StreamRows

_c = stream.c
_OWNED = and_(_c.account_id == bindparam("account_id"), _c.owner == bindparam("owner"))
_ALL = Statement(select(stream).where(_OWNED).order_by(_c.created_at, _c.stream_id))
_ONE = Statement(select(stream).where(_OWNED, _c.stream_id == bindparam("stream_id")))
_COUNT = Statement(select(func.count().label("streams")).select_from(stream).where(_OWNED))
_SAME = and_(_c.account_id == bindparam("same_account_id"), _c.stream_id == bindparam("same_stream_id"))
_SAVE = Statement(
    update(stream)
    .where(_SAME, _c.version == bindparam("same_version"))
    .values(
        method=bindparam("method"),
        requested=bindparam("requested"),
        content=bindparam("content"),
        status=bindparam("status"),
        reason=bindparam("reason"),
        due_at=bindparam("due_at"),
        attempts=0,
        failing_since=null(),
        failure=null(),
        claim=null(),
        version=_c.version + 1,
    )
)
_DROP = Statement(delete(stream).where(_SAME))
_EMPTY = Statement(delete(security_event).where(security_event.c.stream_id == bindparam("stream_id")))
_FORGET_LEFT_OUT = Statement(delete(left_out).where(left_out.c.stream_id == bindparam("stream_id")))
_wish = insert(left_out).from_select(
    ["account_id", "stream_id", "since"],
    select(account.c.account_id, cast(bindparam("stream_id"), Text), cast(bindparam("since"), BigInteger)).where(
        account.c.account_id == bindparam("account_id"), account.c.erased_at.is_(None)
    ),
)
_LEAVE_OUT = Statement(_wish.on_conflict_do_nothing().returning(left_out.c.stream_id))
_TAKE_IN = Statement(
    delete(left_out)
    .where(left_out.c.account_id == bindparam("account_id"), left_out.c.stream_id == bindparam("stream_id"))
    .returning(left_out.c.stream_id)
)
_VERIFIED = Statement(
    update(stream)
    .where(
        _SAME,
        _c.status != StreamStatus.DISABLED.value,
        or_(_c.verified_at.is_(None), _c.verified_at <= bindparam("unless_since")),
    )
    .values(verified_at=bindparam("now"))
)
_SETTLE = Statement(
    delete(security_event).where(
        security_event.c.stream_id == bindparam("stream_id"), security_event.c.set_id == bindparam("set_id")
    )
)

_REFUSED = Statement(
    update(stream)
    .where(_SAME)
    .values(failure=bindparam("failure"), failing_since=func.coalesce(_c.failing_since, bindparam("now")))
)
_MENDED = Statement(
    update(stream).where(_SAME, _c.failing_since.is_not(None)).values(failure=null(), failing_since=null())
)


class StoredStreams:
    """Streams in rows of nobody's, each found by the name of the key that made it."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._rows = StreamRows(sealer)

    async def add(self, one: Stream, most: int) -> bool:
        """Add a stream; False if its owner has so many already."""
        async with together(self._database) as tx:
            await tx.fetch(TURN, {"name": "streams"})  # one after another, or two would both be the last
            counted = await tx.fetch(_COUNT, {"account_id": NOBODY, "owner": one.owner})
            has_room: bool = counted[0]["streams"] < most
            if has_room:
                await tx.execute(INSERT_STREAM, self._rows.new(one))
        return has_room

    async def of(self, owner: str) -> Sequence[Stream]:
        """Read all streams of a key, the oldest first."""
        rows = await self._database.fetch(_ALL, {"account_id": NOBODY, "owner": owner})
        return [self._rows.stream(row) for row in rows]

    async def find(self, owner: str, stream_id: str) -> Stream | None:
        """Read one stream of a key."""
        rows = await self._database.fetch(_ONE, {"account_id": NOBODY, "owner": owner, "stream_id": stream_id})
        return self._rows.stream(rows[0]) if rows else None

    async def save(self, one: Stream, now: datetime) -> bool:
        """Save over the version that was read; False if it was changed meanwhile."""
        values = {**_same(one), "same_version": one.version, **self._rows.settings(one), "due_at": ms(now)}
        async with together(self._database) as tx:
            saved = await tx.execute(_SAVE, values)
            if saved and one.status is StreamStatus.DISABLED:
                await tx.execute(_EMPTY, {"stream_id": one.stream_id})
        return bool(saved)

    async def drop(self, one: Stream) -> None:
        """Forget a stream with all that waits along it."""
        async with together(self._database) as tx:
            await tx.execute(_DROP, _same(one))
            await tx.execute(_EMPTY, {"stream_id": one.stream_id})
            await tx.execute(_FORGET_LEFT_OUT, {"stream_id": one.stream_id})

    async def leave_out(self, one: Stream, account_id: str, now: datetime) -> None:
        """Leave an account out, from now on; one that there isn't is passed over."""
        wish = {"stream_id": one.stream_id, "account_id": account_id, "since": ms(now)}
        await self._database.run(_LEAVE_OUT, wish)

    async def take_in(self, one: Stream, account_id: str) -> None:
        """Take an account in again."""
        await self._database.run(_TAKE_IN, {"stream_id": one.stream_id, "account_id": account_id})

    async def verify(self, event: SecurityEvent, now: datetime, *, unless_since: datetime) -> bool:
        """Send an event of the stream itself along it, unless one was asked for since then."""
        mine = {"same_account_id": NOBODY, "same_stream_id": event.stream_id}
        async with together(self._database) as tx:
            is_due = await tx.execute(_VERIFIED, {**mine, "now": ms(now), "unless_since": ms(unless_since)})
            if is_due:
                found = await tx.fetch(LAST_POSITION)
                position = found[0]["position"] if found else 0
                await tx.execute(INSERT_EVENT, self._rows.own_event(event, position))
        return bool(is_due)

    async def waiting(self, stream_id: str, limit: int) -> Sequence[SecurityEvent]:
        """Read what waits along a stream, in the order in which it happened."""
        return self._rows.waiting(await self._database.fetch(WAITING, {"stream_id": stream_id, "limit": limit}))

    async def settle(self, stream_id: str, set_ids: Sequence[str], now: datetime, *, failure: str) -> int:
        """Forget what a receiver that polls has taken or refused, and count it; `failure` is why it refused some."""
        same = {"same_account_id": NOBODY, "same_stream_id": stream_id}
        async with together(self._database) as tx:
            gone = await tx.execute_all([(_SETTLE, {"stream_id": stream_id, "set_id": one}) for one in set_ids])
            if failure:
                await tx.execute(_REFUSED, {**same, "failure": failure, "now": ms(now)})
            else:
                await tx.execute(_MENDED, same)
        return sum(gone)


def _same(one: Stream) -> dict[str, object]:
    return {"same_account_id": NOBODY, "same_stream_id": one.stream_id}
