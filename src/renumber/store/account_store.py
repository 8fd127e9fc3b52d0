"""The Store port: units of work, and look-ups that lock nothing."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from sqlalchemy import ColumnElement, Exists, Select, bindparam, exists, func, select

from renumber.domain.account import Account
from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.phone_change import PhoneChange
from renumber.flows.ports.kept import Wanted
from renumber.flows.ports.passkeys import Owner
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import AuditEntry, Credentials
from renumber.store.database.keyed import KeyedStatement, Match
from renumber.store.database.open import Database
from renumber.store.messages.own_messages import Sender
from renumber.store.records import accounts, links, passkeys, phone_changes
from renumber.store.records.mapper import Sealer
from renumber.store.schema import tables
from renumber.store.unit_of_work import AccountWork, open_work

_session, _account, _lookup, _link, _passkey = (
    tables.session, tables.account, tables.email_lookup, tables.link, tables.passkey
)  # fmt: skip


def _knows_browser(match: Match) -> ColumnElement[bool]:
    """Find out whether the owner has signed in from here.

    What somebody did before a freeze, a release or a password by mail makes no browser known.
    """
    from_here: Exists = exists().where(
        _session.c.account_id == _account.c.account_id,
        match(_session.c.browser_key, "browser_key"),
        _session.c.created_at > func.coalesce(_account.c.browsers_forgotten_at, 0),
    )
    return from_here.label("knows_browser")


def _credentials(match: Match) -> Select[tuple[str, str, bool]]:
    """Find the account first: what is known by then leads to one partition of each table, and a join to all of them."""
    of_address = select(_lookup.c.account_id).where(match(_lookup.c.email_key, "email_key")).limit(1)
    found = select(_account.c.account_id, _account.c.password_hash, _knows_browser(match))
    return found.where(_account.c.account_id == of_address.scalar_subquery())


def _owner(match: Match) -> Select[tuple[str, bool]]:
    of_credential = _passkey.join(_account, _account.c.account_id == _passkey.c.account_id)
    return (
        select(_passkey.c.account_id, _knows_browser(match))
        .select_from(of_credential)
        .where(
            _passkey.c.credential_key == bindparam("credential_key"),
            _passkey.c.credential_id == bindparam("credential_id"),
            _passkey.c.removed_at.is_(None),
        )
    )


_CREDENTIALS, _OWNER = KeyedStatement(_credentials), KeyedStatement(_owner)
_LINK = KeyedStatement(
    lambda match: select(_link).where(_link.c.purpose == bindparam("purpose"), match(_link.c.token_key, "token_key"))
)

Observe = Callable[[str, Sequence[AuditEntry]], None]


class AccountStore:
    """Accounts in one database."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        woken: Callable[[], None],
        *,
        observe: Observe | None = None,
        sender: Callable[[], Sender | None] = lambda: None,
    ) -> None:
        """After a commit, `observe` hears of the acts, and `woken` is called if programs are to hear of them.

        Messages to people go to the sender, where this process has one.
        """
        self._database = database
        self._sealer = sealer
        self._woken = woken
        self._observe = observe
        self._sender = sender

    def work(self, account_id: str, *wanted: Wanted) -> AbstractAsyncContextManager[AccountWork]:
        """Open a unit of work on one account, with what the act will load."""
        return open_work(
            self._database,
            self._sealer,
            account_id,
            wanted=wanted,
            committed=self._committed,
            sender=self._sender(),
        )

    def _committed(self, work: AccountWork) -> None:
        if work.is_told_to_programs:
            self._woken()
        if self._observe:
            self._observe(work.account.account_id, work.entries)

    async def credentials(self, email_key: str, browser_id: str) -> Credentials | None:
        """Find the password hash of an address, and whether the account's owner has signed in from this browser."""
        rows = await self._database.fetch(
            *_CREDENTIALS.under(
                email_key=self._sealer.fingerprints(KeyedHash.EMAIL, email_key),
                browser_key=self._sealer.fingerprints(KeyedHash.BROWSER, browser_id),
            )
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
        keys = self._sealer.fingerprints(KeyedHash.of_link(purpose), token)
        statement, values = _LINK.under(token_key=keys)
        rows = await self._database.fetch(statement, {**values, "purpose": purpose.value})
        return links.mapper.read(rows[0], self._sealer) if rows else None

    async def owner_of(self, credential_id: bytes, browser_id: str) -> Owner | None:
        """Find the account that has bound a credential, and whether its owner has signed in from this browser."""
        statement, values = _OWNER.under(browser_key=self._sealer.fingerprints(KeyedHash.BROWSER, browser_id))
        keys = {"credential_key": passkeys.credential_key(credential_id), "credential_id": credential_id}
        rows = await self._database.fetch(statement, {**values, **keys})
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
        return mapper.read(rows[0], self._sealer) if rows else None

    async def find_account(self, account_id: str) -> Account | None:
        """Read an account without locking anything."""
        mapper = accounts.mapper
        rows = await self._database.fetch(mapper.load, {"account_id": account_id})
        return mapper.read(rows[0], self._sealer) if rows else None
