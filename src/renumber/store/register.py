"""Entering new accounts, each with the first row of its history."""

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from renumber.domain.account import Account
from renumber.flows.ports import AuditEntry
from renumber.store import accounts, audit, tables
from renumber.store.engine import Database, Statement, Transaction
from renumber.store.shelf import Sealer

_CLAIM_ADDRESS = Statement(
    insert(tables.email_lookup)
    .values(email_key=bindparam("email_key"), account_id=bindparam("account_id"))
    .on_conflict_do_nothing()
    .returning(tables.email_lookup.c.account_id)
)


class AccountRegister:
    """The Register port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def enlist(self, newcomers: Sequence[tuple[Account, AuditEntry]]) -> Sequence[bool]:
        """Add accounts in one transaction; False stands for an address that has an account already."""
        async with self._database.transaction() as tx:
            added = [await self._enlist(tx, account, entry) for account, entry in newcomers]
            await tx.commit()
        return added

    async def _enlist(self, tx: Transaction, account: Account, entry: AuditEntry) -> bool:
        key = self._sealer.fingerprints("email", account.email.key)[0]
        values = {"email_key": key, "account_id": account.account_id}
        if not await tx.fetch(_CLAIM_ADDRESS, values):
            return False
        start = audit.Head(account.account_id, 0, audit.START)
        head, history = audit.append(start, [entry], self._sealer)
        row = accounts.to_row(account, accounts.shelf.columns(self._sealer, account.account_id))
        await tx.execute(accounts.shelf.insert, {**row, **audit.head_columns(head, self._sealer), "version": 1})
        for statement, written in history:
            await tx.execute(statement, written)
        return True
