"""One account as it was last committed, seen from outside any unit of work."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, select

from renumber.domain.account import Account
from renumber.domain.challenge import Challenge
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session
from renumber.domain.sign_in import SignIn, SignInState
from renumber.store.database.open import Statement
from renumber.store.records import accounts, challenges, factors, phone_changes, sessions, sign_ins
from renumber.store.records.mapper import Mapper
from tests.flows.world import World

OVER = (SignInState.COMPLETE, SignInState.ENDED)


def _all_of(table: Table) -> Statement:
    return Statement(select(table).where(table.c.account_id == bindparam("account_id")))


MAPPERS = (accounts, phone_changes, sessions, sign_ins, challenges, factors)
ALL = {module.mapper.kind: (module.mapper, _all_of(module.mapper.table)) for module in MAPPERS}


@dataclass(frozen=True)
class Snapshot:
    """Everything about one account."""

    account: Account
    changes: dict[str, PhoneChange]
    sessions: dict[str, Session]
    sign_ins: dict[str, SignIn]
    challenges: dict[str, Challenge]
    wrong_in_a_row: dict[Factor, int]
    suspended: frozenset[Factor]

    @property
    def open_changes(self) -> list[PhoneChange]:
        return [change for change in self.changes.values() if change.is_open]

    @property
    def unended_sessions(self) -> set[str]:
        return {one.session_id for one in self.sessions.values() if one.ended_at is None}

    @property
    def unended_sign_ins(self) -> set[str]:
        return {one.sign_in_id for one in self.sign_ins.values() if one.state not in OVER}


async def read_snapshot(world: World, account_id: str) -> Snapshot:
    """Read it all."""
    [account] = await _read(world, Account, account_id)
    factors: list[FactorStatus] = await _read(world, FactorStatus, account_id)
    return Snapshot(
        account,
        {one.change_id: one for one in await _read(world, PhoneChange, account_id)},
        {one.session_id: one for one in await _read(world, Session, account_id)},
        {one.sign_in_id: one for one in await _read(world, SignIn, account_id)},
        {one.slot: one for one in await _read(world, Challenge, account_id)},
        {one.factor: one.wrong_in_a_row for one in factors},
        frozenset(one.factor for one in factors if one.suspended_at),
    )


async def _read(world: World, kind: type[Any], account_id: str) -> list[Any]:
    mapper: Mapper[Any]
    mapper, statement = ALL[kind]
    rows = await world.database.fetch(statement, {"account_id": account_id})
    return [mapper.read(row, world.keys) for row in rows]
