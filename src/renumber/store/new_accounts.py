"""Entering new accounts, many in a few round trips, each with the first row of its history."""

from collections.abc import Sequence
from functools import cache
from itertools import chain

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Entered
from renumber.policies.tally import Tally
from renumber.store.audit import append
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Statement, Transaction, Values
from renumber.store.events.rows import INSERT, insertions
from renumber.store.records import accounts
from renumber.store.records.mapper import Sealer
from renumber.store.schema import tables

AT_ONCE = 500  # addresses looked up in one statement

_lookup = tables.email_lookup
_CLAIM = Statement(
    insert(_lookup)
    .values(email_key=bindparam("email_key"), account_id=bindparam("account_id"))
    .on_conflict_do_nothing()
)


@cache
def _holders(count: int) -> Statement:
    """Find the accounts that have these addresses."""
    keys = [bindparam(f"key_{place}", type_=_lookup.c.email_key.type) for place in range(count)]
    return Statement(select(_lookup).where(_lookup.c.email_key.in_(keys)))


class _NewAccount:
    """An account to add, with the keyed hashes of its address: under two keys while a rotation is going on."""

    __slots__ = ("account", "entry", "events", "key", "previous_key")

    def __init__(self, entered: Entered, sealer: Sealer) -> None:
        self.account, self.entry, self.events = entered.account, entered.entry, entered.events
        self.key, self.previous_key = sealer.fingerprints(KeyedHash.EMAIL, self.account.email.key)


class NewAccountStore:
    """The NewAccounts port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def add(self, newcomers: Sequence[Entered]) -> Sequence[bool]:
        """Add accounts in one transaction; False stands for an address that has an account already."""
        new = [_NewAccount(entered, self._sealer) for entered in newcomers]
        async with together(self._database) as tx:
            added = await self._claim(tx, new)
            await insert_accounts(tx, self._sealer, [one for one in new if one.account.account_id in added])
        return [one.account.account_id in added for one in new]

    async def _claim(self, tx: Transaction, new: Sequence[_NewAccount]) -> set[str]:
        """Claim the addresses that are free, in the order of their keys: two imports at once never wait in a ring."""
        taken = await self._taken_before_rotation(tx, new)
        free = sorted((one for one in new if one.previous_key not in taken), key=lambda one: one.key)
        await tx.execute_many(_CLAIM, [{"email_key": one.key, "account_id": one.account.account_id} for one in free])
        holders = await _found(tx, [one.key for one in free])
        return {one.account.account_id for one in free if holders[one.key] == one.account.account_id}

    async def _taken_before_rotation(self, tx: Transaction, new: Sequence[_NewAccount]) -> set[bytes]:
        old = [one.previous_key for one in new if one.previous_key != one.key]
        return set(await _found(tx, old))


async def insert_accounts(tx: Transaction, sealer: Sealer, new: Sequence[Entered | _NewAccount]) -> None:
    """Insert accounts, each with the first row of its history; their addresses are up to the caller."""
    rows: list[Values] = []
    history: list[Values] = []
    for one in new:
        account = one.account
        start = append.Head(account.account_id, seq=0, hash=append.START)
        head, written = append.append(start, [one.entry], sealer)
        row = accounts.mapper.write(account, sealer)
        its_chain = {**append.head_columns(head, sealer), **append.tally_columns(Tally())}
        rows.append({**row, **its_chain, "version": 1})
        history += [values for _, values in written]
    if rows:
        await tx.execute_many(accounts.mapper.insert, rows)
        await tx.execute_many(append.APPEND, history)
    told = insertions([event for one in new for event in one.events], sealer, after=0)
    if told:
        await tx.execute_many(INSERT, [values for _, values in told])


async def _found(tx: Transaction, keys: Sequence[bytes]) -> dict[bytes, str]:
    """Look addresses up, a full page at a time: the last page repeats its last key, so that few statements exist."""
    pages = [keys[first : first + AT_ONCE] for first in range(0, len(keys), AT_ONCE)]
    found = [await _page(tx, page) for page in pages]
    return dict(chain.from_iterable(page.items() for page in found))


async def _page(tx: Transaction, keys: Sequence[bytes]) -> dict[bytes, str]:
    size = 1 if len(keys) == 1 else AT_ONCE
    values = {f"key_{place}": keys[min(place, len(keys) - 1)] for place in range(size)}
    rows = await tx.fetch(_holders(size), values)
    return {bytes(row["email_key"]): row["account_id"] for row in rows}
