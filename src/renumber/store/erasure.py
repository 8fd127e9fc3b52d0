"""Erasing an account: every identifier is deleted, while the history stays and still verifies."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Table, bindparam, delete, null, update

from renumber.flows.consequences import closing
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import AccountUnknown, AuditEntry
from renumber.policies.events.types import Event
from renumber.store.audit import append
from renumber.store.backchannel_logouts import telling
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Statement, Values
from renumber.store.endings import endings
from renumber.store.events.rows import FORGET_NUMBERS, FORGET_UNPUBLISHED, insertions
from renumber.store.opening import LOCK
from renumber.store.records import accounts
from renumber.store.records.mapper import Sealer, ms
from renumber.store.schema import tables

_IDENTIFYING = (
    "email", "name", "password_hash", "number", "number_key", "former_number", "former_until", "password_link_id",
    "refusals", "refusals_until", "organisation_id", "organisation_since",
)  # fmt: skip
_WHOLE = (
    tables.session, tables.sign_in, tables.challenge, tables.factor_status, tables.link, tables.phone_change,
    tables.outbox, tables.totp_key, tables.recovery_codes, tables.passkey, tables.device, tables.prompt,
    tables.text_budget, tables.wait, tables.oidc.oauth_grant, tables.oidc.access_token, tables.oidc.consent,
    tables.support.staff_member, tables.support.staff_identity, tables.support.recovery_case,
    tables.support.caller_check,
)  # fmt: skip

_account = tables.account
_FORGET_ACCOUNT = Statement(
    update(_account)
    .where(_account.c.account_id == bindparam("same_account_id"))
    .values(
        **{name: null() for name in _IDENTIFYING},
        erased_at=bindparam("erased_at"),
        audit_seq=bindparam("audit_seq"),
        audit_hash=bindparam("audit_hash"),
        audit_mac=bindparam("audit_mac"),
        version=_account.c.version + 1,
    )
)
_FORGET_ORIGINS = Statement(
    update(tables.audit).where(tables.audit.c.account_id == bindparam("same_account_id")).values(origin=null())
)
# Whoever comes from the company's provider may have an address whose look-up is another account's.
_FORGET_ADDRESS = Statement(
    delete(tables.email_lookup).where(
        tables.email_lookup.c.email_key == bindparam("same_key"),
        tables.email_lookup.c.account_id == bindparam("same_account_id"),
    )
)


def _drop(table: Table) -> Statement:
    return Statement(delete(table).where(table.c.account_id == bindparam("same_account_id")))


_DROP = [_drop(table) for table in _WHOLE]


def _ends(account_id: str, now: datetime, applications: Sequence[str]) -> Iterator[tuple[Statement, Values]]:
    """End all sessions before they are dropped, so that applications hear of their ends as of any others."""
    if applications:
        yield from endings(account_id, now, kept_id="")
        yield from telling(account_id, now, applications)


class AccountErasure:
    """The Erasure port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def erase(
        self, account_id: str, entry: AuditEntry, events: Sequence[Event] = (), *, applications: Sequence[str] = ()
    ) -> None:
        """Erase the account, write this last row into its history, and tell others, in one transaction."""
        async with together(self._database) as tx:
            rows = await tx.fetch(LOCK, {"account_id": account_id})
            if not rows or rows[0]["erased_at"] is not None:
                raise AccountUnknown
            account = accounts.mapper.read(rows[0], self._sealer)
            entries = [*closing(append.tally_of(rows[0]), entry.at), entry]
            head, history = append.append(append.head_of(rows[0]), entries, self._sealer)
            mine = {"same_account_id": account_id}
            for statement, values in history:
                await tx.execute(statement, values)
            for statement, values in _ends(account_id, entry.at, applications):
                await tx.execute(statement, values)
            for statement in (*_DROP, _FORGET_ORIGINS, FORGET_NUMBERS, FORGET_UNPUBLISHED):
                await tx.execute(statement, mine)
            for statement, values in insertions(events, self._sealer, after=head.seq):
                await tx.execute(statement, values)
            for key in set(self._sealer.fingerprints(KeyedHash.EMAIL, account.email.key)):
                await tx.execute(_FORGET_ADDRESS, {**mine, "same_key": key})
            erased = {**append.head_columns(head, self._sealer), "erased_at": ms(entry.at)}
            await tx.execute(_FORGET_ACCOUNT, {**mine, **erased})
