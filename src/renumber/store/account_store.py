"""The Store port: units of work, and look-ups that lock nothing."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from sqlalchemy import and_, bindparam, exists, func, or_, select

from renumber.domain.account import Account
from renumber.domain.link import Link, LinkPurpose
from renumber.domain.phone_change import PhoneChange
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import AuditEntry, Credentials, Owner
from renumber.store.database.open import Database, Statement
from renumber.store.records import accounts, links, passkeys, phone_changes
from renumber.store.records.mapper import Sealer
from renumber.store.schema import tables
from renumber.store.unit_of_work import AccountWork, open_work

_session = tables.session
_SIGNED_IN = _session.c.account_id == tables.account.c.account_id
# What somebody did before a freeze, a release or a password by mail makes no browser known.
_FROM_HERE = and_(
    or_(
        _session.c.browser_key == bindparam("browser_key"), _session.c.browser_key == bindparam("previous_browser_key")
    ),
    _session.c.created_at > func.coalesce(tables.account.c.browsers_forgotten_at, 0),
)
_CREDENTIALS = Statement(
    select(
        tables.account.c.account_id,
        tables.account.c.password_hash,
        exists().where(_SIGNED_IN, _FROM_HERE).label("knows_browser"),
    )
    .select_from(
        tables.email_lookup.join(tables.account, tables.account.c.account_id == tables.email_lookup.c.account_id)
    )
    .where(
        or_(
            tables.email_lookup.c.email_key == bindparam("email_key"),
            tables.email_lookup.c.email_key == bindparam("previous_email_key"),
        )
    )
)
_LINK = Statement(
    select(tables.link).where(
        and_(
            tables.link.c.purpose == bindparam("purpose"),
            or_(
                tables.link.c.token_key == bindparam("token_key"), tables.link.c.token_key == bindparam("previous_key")
            ),
        )
    )
)

_OWNER = Statement(
    select(
        tables.passkey.c.account_id,
        exists().where(_SIGNED_IN, _FROM_HERE).label("knows_browser"),
    )
    .select_from(tables.passkey.join(tables.account, tables.account.c.account_id == tables.passkey.c.account_id))
    .where(
        tables.passkey.c.credential_key == bindparam("credential_key"),
        tables.passkey.c.credential_id == bindparam("credential_id"),
        tables.passkey.c.removed_at.is_(None),
    )
)

Observe = Callable[[str, Sequence[AuditEntry]], None]


class AccountStore:
    """Accounts in one database."""

    def __init__(
        self, database: Database, sealer: Sealer, woken: Callable[[], None], *, observe: Observe | None = None
    ) -> None:
        """After a commit, `woken` is called if there are messages, and `observe` hears of the acts."""
        self._database = database
        self._sealer = sealer
        self._woken = woken
        self._observe = observe

    def work(self, account_id: str) -> AbstractAsyncContextManager[AccountWork]:
        """Open a unit of work on one account."""
        return open_work(self._database, self._sealer, account_id, committed=self._committed)

    def _committed(self, work: AccountWork) -> None:
        if work.has_messages:
            self._woken()
        if self._observe:
            self._observe(work.account.account_id, work.entries)

    async def credentials(self, email_key: str, browser_id: str) -> Credentials | None:
        """Find the password hash of an address, and whether the account's owner has signed in from this browser."""
        key, previous = self._sealer.fingerprints(KeyedHash.EMAIL, email_key)
        browser, previous_browser = self._sealer.fingerprints(KeyedHash.BROWSER, browser_id)
        keys = {"email_key": key, "previous_email_key": previous}
        rows = await self._database.fetch(
            _CREDENTIALS, {**keys, "browser_key": browser, "previous_browser_key": previous_browser}
        )
        if not rows:
            return None
        row = rows[0]
        return Credentials(
            account_id=row["account_id"],
            password_hash=row["password_hash"],
            knows_browser=bool(row["knows_browser"]),
        )

    async def find_link(self, purpose: LinkPurpose, token: str) -> Link | None:
        """Find a link by its token."""
        key, previous = self._sealer.fingerprints(KeyedHash.of_link(purpose), token)
        values = {"purpose": purpose.value, "token_key": key, "previous_key": previous}
        rows = await self._database.fetch(_LINK, values)
        return links.from_row(rows[0], links.mapper.columns(self._sealer, rows[0]["account_id"])) if rows else None

    async def owner_of(self, credential_id: bytes, browser_id: str) -> Owner | None:
        """Find the account that has bound a credential, and whether its owner has signed in from this browser."""
        browser, previous_browser = self._sealer.fingerprints(KeyedHash.BROWSER, browser_id)
        keys = {"credential_key": passkeys.credential_key(credential_id), "credential_id": credential_id}
        rows = await self._database.fetch(
            _OWNER, {**keys, "browser_key": browser, "previous_browser_key": previous_browser}
        )
        if not rows:
            return None
        return Owner(account_id=rows[0]["account_id"], knows_browser=bool(rows[0]["knows_browser"]))

    async def find_change(self, account_id: str, change_id: str | None = None) -> PhoneChange | None:
        """Read a change, or the open one, without locking anything."""
        mapper, mine = phone_changes.mapper, {"account_id": account_id}
        if change_id is None:
            rows = await self._database.fetch(phone_changes.LOAD_OPEN, mine)
        else:
            rows = await self._database.fetch(mapper.load, {**mine, "change_id": change_id})
        return mapper.from_row(rows[0], mapper.columns(self._sealer, account_id)) if rows else None

    async def find_account(self, account_id: str) -> Account | None:
        """Read an account without locking anything."""
        mapper = accounts.mapper
        rows = await self._database.fetch(mapper.load, {"account_id": account_id})
        return mapper.from_row(rows[0], mapper.columns(self._sealer, account_id)) if rows else None
