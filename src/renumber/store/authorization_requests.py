"""Requests of applications, kept while a person signs in: named by an id that authenticates nobody."""

from datetime import datetime

import msgspec
from sqlalchemy import bindparam, delete, insert, select

from renumber.domain.account import NOBODY
from renumber.domain.oidc.request import AuthorizationRequest
from renumber.flows.ports.oidc import KeptRequest
from renumber.policies.limits import allowed_at
from renumber.policies.oidc.lifetimes import KEPT_FROM_PLACE
from renumber.store.counters import locked_times, saving
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Statement
from renumber.store.records.mapper import Columns, Sealer, ms
from renumber.store.schema import tables

_request = tables.oidc.authorization_request
_HERE = (_request.c.account_id == bindparam("same_account_id"), _request.c.request_id == bindparam("same_request_id"))
_KEEP = Statement(insert(_request).values({column.name: bindparam(column.name) for column in _request.c}))
_FIND = Statement(select(_request.c.content).where(*_HERE, _request.c.expires_at > bindparam("now")))
_DROP = Statement(delete(_request).where(*_HERE).returning(_request.c.request_id))


class StoredRequests:
    """The AuthorizationRequests port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._columns = Columns(sealer, _request.name, NOBODY)

    async def keep(self, request_id: str, request: AuthorizationRequest, until: datetime) -> None:
        """Keep a request until then, sealed: it may name a person."""
        await self._database.run(_KEEP, self._row(request_id, request, until))

    async def admit(self, kept: KeptRequest, counted: tuple[bytes, ...], now: datetime) -> datetime | None:
        """Keep a request that a browser brings, and count it; or say when its place may bring one, and keep nothing."""
        async with together(self._database) as tx:
            times = (await locked_times(tx, [counted], now))[counted]
            open_at = allowed_at(times, [KEPT_FROM_PLACE], now)
            if open_at is None:
                row = self._row(kept.request_id, kept.request, kept.until)
                await tx.execute_all([saving(counted, times, now), (_KEEP, row)])
        return open_at

    def _row(self, request_id: str, request: AuthorizationRequest, until: datetime) -> dict[str, object]:
        content = self._columns.seal("content", msgspec.json.encode(request).decode())
        return {"account_id": NOBODY, "request_id": request_id, "content": content, "expires_at": ms(until)}

    async def find(self, request_id: str, now: datetime) -> AuthorizationRequest | None:
        """Read a request that is still to be answered."""
        rows = await self._database.fetch(_FIND, {**_place(request_id), "now": ms(now)})
        if not rows:
            return None
        return msgspec.json.decode(self._columns.text("content", rows[0]["content"]), type=AuthorizationRequest)

    async def drop(self, request_id: str) -> bool:
        """Forget a request that was answered; says whether it was there."""
        return bool(await self._database.run(_DROP, _place(request_id)))


def _place(request_id: str) -> dict[str, object]:
    return {"same_account_id": NOBODY, "same_request_id": request_id}
