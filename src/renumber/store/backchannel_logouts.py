"""Ended sessions that applications have yet to hear of: written with the end, claimed by one sender at a time."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from secrets import token_hex

from sqlalchemy import Integer, Text, and_, bindparam, delete, func, literal, null, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from renumber.policies.oidc.logout import Logout
from renumber.store.database.open import Database, Row, Statement, Values
from renumber.store.records.mapper import moment_or_none, ms
from renumber.store.schema.oidc import backchannel_logout, oauth_grant
from renumber.store.schema.tables import session

_logout = backchannel_logout
_KEYS = (_logout.c.account_id, _logout.c.session_id, _logout.c.client_id)
_ITS = _logout.c.client_id == bindparam("client_id")
_DUE = (
    select(*_KEYS)
    .where(_ITS, _logout.c.due_at <= bindparam("now"))
    .order_by(_logout.c.due_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
# A claim makes it due when the claim lapses, so that one index finds both.
_CLAIM = Statement(
    update(_logout)
    .where(tuple_(*_KEYS).in_(select(*_DUE.c)))
    .values(claim=bindparam("claimant"), due_at=bindparam("until"), attempts=_logout.c.attempts + 1)
    .returning(*_logout.c)
)
_MINE = and_(
    _logout.c.account_id == bindparam("same_account_id"),
    _logout.c.session_id == bindparam("same_session_id"),
    _logout.c.client_id == bindparam("same_client_id"),
    _logout.c.claim == bindparam("same_claim"),
)
_FINISH = Statement(delete(_logout).where(_MINE).returning(_logout.c.client_id))
_DEFER = Statement(
    update(_logout).where(_MINE).values(due_at=bindparam("at"), claim=null()).returning(_logout.c.client_id)
)
_RELEASE = Statement(
    update(_logout).where(_MINE).values(attempts=_logout.c.attempts - 1, due_at=bindparam("now"), claim=null())
)
_NEXT = Statement(select(func.min(_logout.c.due_at).label("at")).where(_ITS))


@cache
def _telling(count: int) -> Statement:
    """Write down all that end at this very moment, for each of so many applications that was given something there."""
    ended = (
        select(
            oauth_grant.c.account_id,
            oauth_grant.c.session_id,
            oauth_grant.c.client_id,
            session.c.ended_at,  # due from then on
            literal(0, Integer),
            null().cast(Text),
        )
        .distinct()
        .select_from(
            oauth_grant.join(
                session,
                and_(
                    session.c.account_id == oauth_grant.c.account_id, session.c.session_id == oauth_grant.c.session_id
                ),
            )
        )
        .where(
            oauth_grant.c.account_id == bindparam("same_account_id"),
            session.c.ended_at == bindparam("at_this_moment"),
            oauth_grant.c.client_id.in_([bindparam(f"client_{place}") for place in range(count)]),
        )
    )
    written = (*_KEYS, _logout.c.due_at, _logout.c.attempts, _logout.c.claim)
    return Statement(insert(_logout).from_select([column.name for column in written], ended).on_conflict_do_nothing())


def telling(account_id: str, ended_at: datetime, applications: Sequence[str]) -> list[tuple[Statement, Values]]:
    """The statement that lets these applications hear of the sessions that end at this moment; none without any."""
    named = {f"client_{place}": client_id for place, client_id in enumerate(applications)}
    values = {"same_account_id": account_id, "at_this_moment": ms(ended_at), **named}
    return [(_telling(len(named)), values)] if named else []


class StoredLogouts:
    """The Logouts port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due_at(self, client_id: str) -> datetime | None:
        """Read the time at which the next one for an application can be claimed; None if none waits."""
        return moment_or_none((await self._database.fetch(_NEXT, {"client_id": client_id}))[0]["at"])

    async def claim(
        self, client_id: str, limit: int, claimant: str, *, now: datetime, until: datetime
    ) -> Sequence[Logout]:
        """Take what an application has yet to hear, if it is due or its claim has lapsed; locked ones are skipped."""
        claim = f"{claimant} {token_hex(8)}"
        values = {"client_id": client_id, "limit": limit, "claimant": claim, "now": ms(now), "until": ms(until)}
        return [_logout_from(row) for row in await self._database.run(_CLAIM, values)]

    async def finish(self, logout: Logout) -> bool:
        """Forget it, since it was heard or given up; False if another sender has it by now."""
        return bool(await self._database.run(_FINISH, _mine(logout)))

    async def defer(self, logout: Logout, until: datetime) -> bool:
        """Let it be sent again at a time; False if another sender has it by now."""
        return bool(await self._database.run(_DEFER, {**_mine(logout), "at": ms(until)}))

    async def release(self, claimed: Sequence[Logout], now: datetime) -> None:
        """Give claims back unsent, for a graceful stop."""
        for one in claimed:
            await self._database.run(_RELEASE, {**_mine(one), "now": ms(now)})


def _logout_from(row: Row) -> Logout:
    return Logout(
        account_id=row["account_id"],
        session_id=row["session_id"],
        client_id=row["client_id"],
        attempts=row["attempts"] - 1,
        claim=row["claim"],
    )


def _mine(logout: Logout) -> dict[str, object]:
    return {
        "same_account_id": logout.account_id,
        "same_session_id": logout.session_id,
        "same_client_id": logout.client_id,
        "same_claim": logout.claim,
    }
