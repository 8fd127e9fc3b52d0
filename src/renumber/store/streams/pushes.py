"""Streams whose events are pushed: claimed by one sender at a time, so that what waits along each goes in its order."""

from collections.abc import Collection, Sequence
from datetime import datetime
from secrets import token_hex

from sqlalchemy import and_, bindparam, delete, exists, func, null, select, update

from renumber.domain.account import NOBODY
from renumber.flows.ports.services import Unreadable
from renumber.policies.events.signals import SecurityEvent
from renumber.policies.events.streams import ClaimedStream, Method, StreamStatus
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Row, Statement
from renumber.store.records.mapper import Sealer, ms
from renumber.store.schema.streams import security_event, stream
from renumber.store.streams.rows import INSERT_EVENT, LAST_POSITION, WAITING, StreamRows

AT_ONCE = 20  # security events that are read for one claim
_c = stream.c
_HAS_ONE = exists().where(security_event.c.stream_id == _c.stream_id)
_OPEN = and_(_c.method == Method.PUSH.value, _c.status == StreamStatus.ENABLED.value)
_WITH_EVENTS = Statement(select(_c.stream_id, _c.owner, _c.due_at).where(_OPEN, _HAS_ONE).order_by(_c.due_at))
# A claim makes it due when the claim lapses, as with webhooks.
_CLAIM = Statement(
    update(stream)
    .where(_c.account_id == NOBODY, _c.stream_id == bindparam("same_stream_id"), _OPEN, _c.due_at <= bindparam("now"))
    .values(claim=bindparam("claimant"), due_at=bindparam("until"))
    .returning(*_c)
)
_MINE = and_(_c.account_id == NOBODY, _c.stream_id == bindparam("same_stream_id"), _c.claim == bindparam("same_claim"))
_GO_ON = Statement(
    update(stream)
    .where(_MINE)
    .values(due_at=bindparam("until"), attempts=0, failing_since=null(), failure=null())
    .returning(*_c)
)
_TAKEN = Statement(
    delete(security_event).where(
        security_event.c.account_id == bindparam("account_id"), security_event.c.set_id == bindparam("set_id")
    )
)
_FAILED = Statement(
    update(stream)
    .where(_MINE)
    .values(
        due_at=bindparam("at"),
        claim=null(),
        attempts=_c.attempts + 1,
        failure=bindparam("reason"),
        failing_since=func.coalesce(_c.failing_since, bindparam("now")),
    )
    .returning(_c.stream_id)
)
_PAUSE = Statement(
    update(stream)
    .where(_MINE)
    .values(
        status=StreamStatus.PAUSED.value,
        reason=bindparam("sealed"),
        failure=bindparam("reason"),
        failing_since=func.coalesce(_c.failing_since, bindparam("now")),
        claim=null(),
        version=_c.version + 1,
    )
)
_RELEASE = Statement(update(stream).where(_MINE).values(due_at=bindparam("now"), claim=null()).returning(_c.stream_id))


class StreamPushes:
    """The Pushes port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._rows = StreamRows(sealer)

    async def _with_events(self, owners: Collection[str]) -> list[Row]:
        return [row for row in await self._database.fetch(_WITH_EVENTS) if row["owner"] in owners]

    async def claim(
        self, owners: Collection[str], limit: int, claimant: str, *, now: datetime, until: datetime
    ) -> Sequence[ClaimedStream]:
        """Take streams of these keys along which something waits, and that nobody pushes along."""
        due = [row for row in await self._with_events(owners) if row["due_at"] <= ms(now)]
        claims = {"claimant": f"{claimant} {token_hex(8)}", "now": ms(now), "until": ms(until)}
        claimed = [
            await self._database.run(_CLAIM, {**claims, "same_stream_id": row["stream_id"]}) for row in due[:limit]
        ]
        found = [self._readable(rows[0]) for rows in claimed if rows]
        return [one for one in found if one]

    def _readable(self, row: Row) -> ClaimedStream | None:
        """Pass over a stream that no key opens: its claim lapses, and it must not hold up any other."""
        try:
            return self._claimed(row)
        except Unreadable:
            return None

    def _claimed(self, row: Row) -> ClaimedStream:
        return ClaimedStream(stream=self._rows.stream(row), claim=row["claim"], attempts=row["attempts"])

    async def first(self, claimed: ClaimedStream) -> Sequence[SecurityEvent]:
        """Read the first of what waits along a stream."""
        asked = {"stream_id": claimed.stream.stream_id, "limit": AT_ONCE}
        return self._rows.waiting(await self._database.fetch(WAITING, asked))

    async def taken(self, claimed: ClaimedStream, one: SecurityEvent, until: datetime) -> ClaimedStream | None:
        """Forget what the receiver has taken, and keep the claim; None if the stream was changed or is another's."""
        async with together(self._database) as tx:
            rows = await tx.fetch(_GO_ON, {**_mine(claimed), "until": ms(until)})
            if rows:
                account_id = one.event.account_id if one.event else NOBODY
                await tx.execute(_TAKEN, {"account_id": account_id, "set_id": one.set_id})
        return self._claimed(rows[0]) if rows else None

    async def failed(self, claimed: ClaimedStream, reason: str, *, now: datetime, at: datetime) -> bool:
        """Let the stream rest until then; False if it was changed or is another's by now."""
        values = {**_mine(claimed), "reason": reason, "now": ms(now), "at": ms(at)}
        return bool(await self._database.run(_FAILED, values))

    async def pause(self, claimed: ClaimedStream, reason: str, told: SecurityEvent) -> bool:
        """Pause a stream whose receiver takes nothing, and tell of it along the stream; nothing of it is lost."""
        values = {**_mine(claimed), "reason": reason, "sealed": self._rows.reason(reason), "now": ms(told.issued_at)}
        async with together(self._database) as tx:
            is_ours = await tx.execute(_PAUSE, values)
            if is_ours:
                found = await tx.fetch(LAST_POSITION)
                await tx.execute(INSERT_EVENT, self._rows.own_event(told, found[0]["position"] if found else 0))
        return bool(is_ours)

    async def told(self, one: SecurityEvent) -> None:
        """Forget an event of a stream itself that its receiver has taken out of turn."""
        await self._database.run(_TAKEN, {"account_id": NOBODY, "set_id": one.set_id})

    async def release(self, claimed: Sequence[ClaimedStream], now: datetime) -> None:
        """Give claims back, so that whatever waits can be pushed by anybody."""
        for one in claimed:
            await self._database.run(_RELEASE, {**_mine(one), "now": ms(now)})


def _mine(claimed: ClaimedStream) -> dict[str, object]:
    return {"same_stream_id": claimed.stream.stream_id, "same_claim": claimed.claim}
