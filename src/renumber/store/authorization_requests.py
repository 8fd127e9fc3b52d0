"""Requests of applications, kept while a person signs in: named by an id that authenticates nobody."""

from datetime import datetime

import msgspec
from sqlalchemy import bindparam, delete, insert, select

from renumber.domain.account import NOBODY
from renumber.domain.oidc.request import AuthorizationRequest
from renumber.flows.ports.oidc import KeptRequest
from renumber.flows.ports.store import Quota
from renumber.policies.oidc.lifetimes import KEPT_FROM_PLACE
from renumber.store.counters import take
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

    async def keep(self, kept: KeptRequest) -> None:
        """Keep a request, sealed: it may name a person."""
        await self._database.run(_KEEP, self._row(kept))

    async def admit(self, kept: KeptRequest, counted: tuple[bytes, ...], now: datetime) -> datetime | None:
        """Keep a request that a browser brings, and count it; or say when its place may bring one, and keep nothing."""
        async with together(self._database) as tx:
            open_at, writes = await take(tx, [Quota(counted, (KEPT_FROM_PLACE,))], now)
            await tx.execute_all([*writes, *([] if open_at else [(_KEEP, self._row(kept))])])
        return open_at

    def _row(self, kept: KeptRequest) -> dict[str, object]:
        content = self._columns.seal("content", msgspec.json.encode(kept.request).decode())
        place = {"account_id": NOBODY, "request_id": kept.request_id}
        return {**place, "content": content, "expires_at": ms(kept.until)}

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
