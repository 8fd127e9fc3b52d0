"""The KeptAnswers and CallQuotas ports."""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from renumber.domain.account import NOBODY
from renumber.flows.operator.kept_answers import GIVEN_UP_AFTER, KEPT_FOR, KeptAnswer, OnceOnly
from renumber.policies.limits import Allowance, allowed_at
from renumber.store.counters import carried, locked_times, saving
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Statement, Values
from renumber.store.records.mapper import Columns, Sealer, ms
from renumber.store.schema.operations import kept_answer

A_MINUTE = timedelta(minutes=1)
_c = kept_answer.c
_wish = insert(kept_answer).values(
    account_id=bindparam("account_id"),
    request_id=bindparam("request_id"),
    fingerprint=bindparam("fingerprint"),
    content=null(),
    began_at=bindparam("began_at"),
    expires_at=bindparam("expires_at"),
)
# One that is past its time is as if it weren't there, and so is one whose process died before it had an answer.
_is_over = or_(
    _c.expires_at <= _wish.excluded.began_at,
    and_(_c.content.is_(None), _c.began_at <= bindparam("given_up"), _c.fingerprint == _wish.excluded.fingerprint),
)
_BEGIN = Statement(
    _wish.on_conflict_do_update(
        index_elements=["account_id", "request_id"],
        set_={name: _wish.excluded[name] for name in ("fingerprint", "content", "began_at", "expires_at")},
        where=_is_over,
    ).returning(_c.request_id)
)
_FIND = Statement(
    select(_c.fingerprint, _c.content).where(
        _c.account_id == bindparam("account_id"), _c.request_id == bindparam("request_id")
    )
)
_mine = and_(
    _c.account_id == bindparam("same_account_id"),
    _c.request_id == bindparam("same_request_id"),
    _c.began_at == bindparam("same_began_at"),
    _c.content.is_(None),
)
_KEEP = Statement(update(kept_answer).where(_mine).values(content=bindparam("content")).returning(_c.request_id))
_FORGET = Statement(delete(kept_answer).where(_mine).returning(_c.request_id))


class StoredAnswers:
    """Answers under ids that are hashes, in rows of no account: what is sealed holds ids and addresses of ours only."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._columns = Columns(sealer, kept_answer.name, NOBODY)

    async def begin(self, request: OnceOnly) -> KeptAnswer | None:
        """Begin a request; if one with the same key was begun before, give that one, and begin nothing."""
        place = {"account_id": NOBODY, "request_id": request.request_id}
        times = {"began_at": ms(request.began_at), "expires_at": ms(request.began_at + KEPT_FOR)}
        given_up = {"given_up": ms(request.began_at - GIVEN_UP_AFTER)}
        wish = {**place, **times, **given_up, "fingerprint": request.fingerprint}
        if await self._database.run(_BEGIN, wish):
            return None
        rows = await self._database.fetch(_FIND, place)
        if not rows:  # forgotten just now
            return KeptAnswer(request.fingerprint, None)
        return KeptAnswer(bytes(rows[0]["fingerprint"]), self._columns.unseal("content", rows[0]["content"]))

    async def keep(self, request: OnceOnly, content: str) -> None:
        """Keep the answer of a request that was begun here."""
        await self._database.run(_KEEP, {**_own(request), "content": self._columns.seal("content", content)})

    async def forget(self, request: OnceOnly) -> None:
        """Forget a request that was begun here and did nothing."""
        await self._database.run(_FORGET, _own(request))


def _own(request: OnceOnly) -> Values:
    return {
        "same_account_id": NOBODY,
        "same_request_id": request.request_id,
        "same_began_at": ms(request.began_at),
    }


class StoredQuotas:
    """Calls counted in the counters that limits on messages use."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, keys: tuple[bytes, ...], most: int, now: datetime) -> tuple[datetime | None, int]:
        """Count one call of at most so many a minute; gives when it will be allowed, or None, and how many are left."""
        async with together(self._database) as tx:
            times = (await locked_times(tx, [keys], now))[keys]
            open_at = allowed_at(times, [Allowance(most, A_MINUTE)], now)
            await tx.execute_all(carried({keys: times}, now) if open_at else [saving(keys, times, now)])
        used = sum(at > now - A_MINUTE for at in times)
        return open_at, max(0, most - used - 1)
