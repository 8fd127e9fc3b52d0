"""Keys of the installation itself, sealed as columns of no account, so that a rotation seals them anew."""

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from renumber.domain.account import NOBODY
from renumber.store.database.open import Database, Statement
from renumber.store.records.mapper import Columns, Sealer
from renumber.store.schema import tables

_key = tables.server_key
_wish = insert(_key).values({column.name: bindparam(column.name) for column in _key.c})
_KEEP_FIRST = Statement(_wish.on_conflict_do_nothing(index_elements=["account_id", "name"]).returning(_key.c.name))
_REPLACE = Statement(
    _wish.on_conflict_do_update(index_elements=["account_id", "name"], set_={"secret": _wish.excluded.secret})
)
_FIND = Statement(
    select(_key.c.secret).where(_key.c.account_id == bindparam("account_id"), _key.c.name == bindparam("name"))
)


class ServerKeys:
    """Secrets that all processes of the installation share."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._columns = Columns(sealer, _key.name, NOBODY)

    async def first_kept(self, name: str, fresh: str) -> str:
        """Read the secret of this name, or keep `fresh` as it; of processes that start at once, one does."""
        found = await self.find(name)
        if found is None:
            secret = self._columns.seal("secret", fresh)
            await self._database.run(_KEEP_FIRST, {"account_id": NOBODY, "name": name, "secret": secret})
            found = await self.find(name)
        assert found is not None, "a key that was kept is there"
        return found

    async def replace(self, name: str, secret: str) -> None:
        """Keep a secret in the place of the one of this name."""
        sealed = self._columns.seal("secret", secret)
        await self._database.run(_REPLACE, {"account_id": NOBODY, "name": name, "secret": sealed})

    async def find(self, name: str) -> str | None:
        """Read the secret of this name, if there is one."""
        rows = await self._database.fetch(_FIND, {"account_id": NOBODY, "name": name})
        return self._columns.text("secret", rows[0]["secret"]) if rows else None
