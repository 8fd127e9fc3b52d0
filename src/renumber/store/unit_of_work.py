"""One account, locked, and the one commit: state, history and messages together."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, cast

from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.domain.messages.message import Message
from renumber.domain.organisations.organisation import SLOT, Organisation
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.consequences import in_rows
from renumber.flows.ports.kept import OPEN_CHANGE, Kept, Loaded, Wanted
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import AccountUnknown, AuditEntry, Quota, Taken, TextNotice
from renumber.policies.events.types import Event
from renumber.policies.tally import Tally
from renumber.store import counters
from renumber.store.audit import append
from renumber.store.backchannel_logouts import telling
from renumber.store.database.commit import together
from renumber.store.database.guards import Guard
from renumber.store.database.interface import ConstraintViolated
from renumber.store.database.open import Database, Row, Statement, Transaction, Values
from renumber.store.endings import endings
from renumber.store.events.rows import insertions
from renumber.store.mappers import MAPPERS
from renumber.store.messages import outbox, text_budgets
from renumber.store.messages.own_messages import OwnMessages, Sender, own_messages
from renumber.store.opening import Opened, lock
from renumber.store.organisations import organisations, people
from renumber.store.records import accounts, phone_changes
from renumber.store.records.mapper import Cells, Sealer
from renumber.store.support import staff_identities


class Conflict(AssertionError):
    """Another transaction saved the same state although the account was locked."""


@asynccontextmanager
async def open_work(
    database: Database,
    sealer: Sealer,
    account_id: str,
    *,
    wanted: Sequence[Wanted] = (),
    committed: Callable[["AccountWork"], None],
    sender: Sender | None = None,
) -> AsyncIterator["AccountWork"]:
    """Lock the account, run the block, and commit what it kept and recorded; an exception rolls all of it back."""
    with own_messages(sender) as own:
        async with together(database) as tx:
            opened = await lock(tx, account_id, wanted)
            if opened is None or opened.account["erased_at"] is not None:
                raise AccountUnknown
            work = AccountWork(tx, sealer, opened=opened, own=own)
            yield work
            await _flush(work)
        committed(work)


async def _flush(work: "AccountWork") -> None:
    try:
        await work.flush()
    except ConstraintViolated as fault:
        if fault.guard in {Guard.PASSKEY_CREDENTIAL, Guard.ORGANISATION_NAME}:
            raise Taken from None
        raise


class AccountWork:
    """The UnitOfWork port."""

    def __init__(self, tx: Transaction, sealer: Sealer, *, opened: Opened, own: OwnMessages) -> None:
        self._tx, self._sealer, self._opened, self._own = tx, sealer, opened, own
        row = opened.account
        self._head, self._tally = append.head_of(row), append.tally_of(row)
        self._loaded_account = self.account = accounts.mapper.read(row, sealer)
        self._seen: dict[tuple[type[Any], str], Any] = {}
        self._kept: dict[tuple[type[Any], str], Any] = {}
        self._writes: list[tuple[Statement, Values]] = []
        self._entries: list[AuditEntry] = []
        self._messages: list[Message] = []
        self._texts: list[TextNotice] = []
        self._events: list[Event] = []
        self._logouts: list[tuple[Statement, Values]] = []

    @property
    def is_told_to_programs(self) -> bool:
        """Say whether anything was recorded that programs are to hear of."""
        return bool(self._events or self._logouts)

    @property
    def entries(self) -> Sequence[AuditEntry]:
        """The entries that were recorded for the history."""
        return self._entries

    async def load(self, kind: type[Loaded], key: str) -> Loaded | None:
        """Load by key; what was kept in this work is seen as it will be saved."""
        if (kind, key) in self._seen:
            return cast("Loaded | None", self._seen[kind, key])
        mapper = MAPPERS[kind]
        cells = await self._read(Wanted(kind, key), mapper.load, **{mapper.key: key})
        state = mapper.read(cells, self._sealer) if cells else None
        self._seen[kind, key] = state
        return cast("Loaded | None", state)

    async def _read(self, wanted: Wanted, statement: Statement, **key: str) -> Cells | Row | None:
        """Read a row, unless it came with the account."""
        if wanted in self._opened.found:
            return self._opened.found[wanted]
        rows = await self._tx.fetch(statement, {"account_id": self.account.account_id, **key})
        return rows[0] if rows else None

    async def load_all(self, kind: type[Loaded]) -> Sequence[Loaded]:
        """Load all that the account has of a kind, each as it will be saved."""
        mapper = MAPPERS[kind]
        rows = await self._tx.fetch(mapper.load_all, {"account_id": self.account.account_id})
        for row in rows:
            self._seen.setdefault((kind, row[mapper.key]), mapper.read(row, self._sealer))
        return [state for (seen, _), state in self._seen.items() if seen is kind and state is not None]

    async def open_change(self) -> PhoneChange | None:
        """Load the change that can still go on, if there is one."""
        for (kind, _), state in self._seen.items():
            if kind is PhoneChange and state and state.is_open:
                return cast("PhoneChange", state)
        cells = await self._read(OPEN_CHANGE, phone_changes.LOAD_OPEN)
        if cells is None or (PhoneChange, cells["change_id"]) in self._seen:
            return None
        change = phone_changes.mapper.read(cells, self._sealer)
        self._seen[PhoneChange, change.change_id] = change
        return change

    async def organisation(self) -> Organisation | None:
        """Read the organisation that the account belongs to, if it does."""
        rows = await self._of_organisation(organisations.mapper.load, key="account_id", slot=SLOT)
        return organisations.mapper.read(rows[0], self._sealer) if rows else None

    async def administrators(self) -> Sequence[Account]:
        """Read the accounts of its administrators, the account's own among them."""
        rows = await self._of_organisation(people.ADMINISTRATORS, key="organisation_id")
        return [accounts.mapper.read(row, self._sealer) for row in rows]

    async def _of_organisation(self, statement: Statement, *, key: str, **values: object) -> list[Row]:
        membership = self.account.membership
        return await self._tx.fetch(statement, {key: membership.organisation_id, **values}) if membership else []

    def keep(self, *states: Kept) -> None:
        """Save these states at the end, over the version that was loaded."""
        for state in states:
            if isinstance(state, Account):
                self.account = state
                continue
            key = (type(state), getattr(state, MAPPERS[type(state)].key))
            self._kept[key] = self._seen[key] = state

    def record(
        self,
        entries: Sequence[AuditEntry],
        messages: Sequence[Message],
        texts: Sequence[TextNotice] = (),
        *,
        events: Sequence[Event] = (),
    ) -> None:
        """Add to the history, to the outbox (texts as far as their number's budget goes) and to what others hear."""
        self._events.extend(events)
        self._entries.extend(entries)
        self._messages.extend(messages)
        self._texts.extend(texts)

    async def take(self, quotas: Sequence[Quota], now: datetime) -> datetime | None:
        """Count one event against each quota, or say when it will be allowed and count nothing."""
        open_at, writes = await counters.take(self._tx, quotas, now)
        self._writes.extend(writes)
        return open_at

    async def accounts_with(self, number: PhoneNumber) -> int:
        """Count the accounts that have bound this number, as far as this transaction sees."""
        keys = self._sealer.fingerprints(KeyedHash.NUMBER, number.e164)
        rows = await self._tx.fetch(*accounts.SHARING.under(number_key=keys))
        return int(rows[0]["accounts"])

    async def staff_with(self, email: EmailAddress) -> str | None:
        """Find the account of whoever comes from the company's provider with this address, and has a role."""
        rows = await self._tx.fetch(staff_identities.IN_OFFICE, staff_identities.address_keys(self._sealer, email))
        return rows[0]["account_id"] if rows else None

    def forget(self, failures: tuple[bytes, ...]) -> None:
        """Delete a count of failures at the end, since the right password was given."""
        self._writes.extend((counters.FORGET, {"same_key": key}) for key in sorted(set(failures)))

    def end_all(self, now: datetime, *, keeping: str | None = None) -> None:
        """End the account's sessions, unfinished sign-ins and grants, except those of the session to keep."""
        self._writes.extend(endings(self.account.account_id, now, kept_id=keeping or ""))

    def tell_of_ends(self, now: datetime, applications: Sequence[str]) -> None:
        """Let these applications hear of whatever sessions this act ends, as far as they were given something there."""
        self._logouts = telling(self.account.account_id, now, applications)

    async def flush(self) -> None:
        """Write everything; states are guarded by their version."""
        await self._admit_texts()
        guarded = [MAPPERS[type(state)].saving(state, self._sealer) for state in self._kept.values()]
        rows, tally = in_rows(self._tally, self._entries)
        events = insertions(self._events, self._sealer, after=self._head.seq)
        self._head, history = append.append(self._head, rows, self._sealer)
        others = [*self._writes, *self._logouts, *history]
        if guarded or others or tally is not self._tally or self.account is not self._loaded_account:
            guarded.append(self._saving_account(tally))  # its version shows that something has changed
        claims = self._own.claim(self._messages)
        messages = [outbox.insertion(one, self._sealer, claims.get(one.message_id)) for one in self._messages]
        writes = [*guarded, *others, *messages, *events]
        touched = await self._tx.execute_all(writes) if writes else []
        if any(rows != 1 for rows in touched[: len(guarded)]):
            raise Conflict

    async def _admit_texts(self) -> None:
        if self._texts:
            admitted = await text_budgets.admit(self._tx, self._sealer, self._texts, budgets=self._opened.budgets)
            self.keep(*admitted.links)
            self._messages.extend(admitted.messages)
            self._writes.extend(admitted.writes)

    def _saving_account(self, tally: Tally) -> tuple[Statement, Values]:
        chain = {**append.head_columns(self._head, self._sealer), **append.tally_columns(tally)}
        return accounts.mapper.saving(self.account, self._sealer, **chain)
