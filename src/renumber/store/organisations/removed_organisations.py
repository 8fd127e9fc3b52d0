"""Removing an organisation: its row goes, its history stays under the account that is nobody's."""

from sqlalchemy import bindparam, delete, update

from renumber.flows.consequences import closing
from renumber.flows.ports.store import AuditEntry
from renumber.policies.tally import Tally
from renumber.store.audit import append
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Statement
from renumber.store.opening import LOCK
from renumber.store.records.mapper import Sealer
from renumber.store.schema import tables

_organisation, _account = tables.support.organisation, tables.account
_DELETE = Statement(
    delete(_organisation)
    .where(_organisation.c.account_id == bindparam("same_account_id"))
    .returning(_organisation.c.account_id)
)
_HEAD = ("audit_seq", "audit_hash", "audit_mac", "refusals", "refusals_until")
_MOVE_ON = Statement(
    update(_account)
    .where(_account.c.account_id == bindparam("same_account_id"))
    .values(**{name: bindparam(name) for name in _HEAD}, version=_account.c.version + 1)
)


class RemovedOrganisationStore:
    """The RemovedOrganisations port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def remove(self, organisation_id: str, entry: AuditEntry) -> bool:
        """Remove an organisation, with this row of its history, which stays; False if there is none."""
        mine = {"same_account_id": organisation_id}
        async with together(self._database) as tx:
            rows = await tx.fetch(LOCK, {"account_id": organisation_id})
            if not rows or not await tx.fetch(_DELETE, mine):
                return False
            entries = [*closing(append.tally_of(rows[0]), entry.at), entry]
            head, history = append.append(append.head_of(rows[0]), entries, self._sealer)
            for statement, values in history:
                await tx.execute(statement, values)
            moved = {**append.head_columns(head, self._sealer), **append.tally_columns(Tally())}
            await tx.execute(_MOVE_ON, {**mine, **moved})
        return True
