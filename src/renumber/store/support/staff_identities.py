"""The people of staff who come from the company's identity provider: found, and entered with accounts of their own."""

from sqlalchemy import and_, bindparam, or_, select

from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.domain.support.staff_identity import StaffIdentity
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import AuditEntry, Entered
from renumber.store.database.commit import together
from renumber.store.database.guards import Guard
from renumber.store.database.interface import ConstraintViolated
from renumber.store.database.open import Database
from renumber.store.database.statement import Statement
from renumber.store.new_accounts import insert_accounts
from renumber.store.records.mapper import Cells, Mapper, Sealer
from renumber.store.schema import tables

_identity, _member = tables.support.staff_identity, tables.support.staff_member
_HAS_ADDRESS = or_(
    _identity.c.email_key == bindparam("email_key"), _identity.c.email_key == bindparam("previous_email_key")
)
_OF_ADDRESS = Statement(select(_identity.c.account_id).where(_HAS_ADDRESS))
_OF_IDENTITY = Statement(select(_identity.c.account_id).where(_identity.c.identity_key == bindparam("identity_key")))
IN_OFFICE = Statement(
    select(_identity.c.account_id)
    .select_from(_identity.join(_member, _member.c.account_id == _identity.c.account_id))
    .where(and_(_HAS_ADDRESS, _member.c.role.is_not(None)))
)


def to_row(identity: StaffIdentity) -> Cells:
    """Write an identity, which names nobody: a digest, and the keyed hash of an address."""
    return {
        "account_id": identity.account_id,
        "slot": identity.slot,
        "identity_key": identity.identity_key,
        "email_key": identity.email_key,
        "issuer": identity.issuer,
        "signed_in_at": identity.signed_in_at,
        "version": identity.version,
    }


def from_row(row: Cells) -> StaffIdentity:
    """Read an identity."""
    return StaffIdentity(
        account_id=row["account_id"],
        identity_key=bytes(row["identity_key"]),
        email_key=bytes(row["email_key"]),
        issuer=row["issuer"],
        signed_in_at=row["signed_in_at"],
        slot=row["slot"],
        version=row["version"],
    )


mapper = Mapper(StaffIdentity, _identity, "slot", to_row=to_row, from_row=from_row)


def address_keys(sealer: Sealer, email: EmailAddress) -> dict[str, object]:
    """Give the keyed hashes under which an address may stand."""
    key, previous = sealer.fingerprints(KeyedHash.EMAIL, email.key)
    return {"email_key": key, "previous_email_key": previous}


class StoredStaffIdentities:
    """The StaffIdentities port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def of_identity(self, identity_key: bytes) -> str | None:
        """Find the account of a person at a provider."""
        rows = await self._database.fetch(_OF_IDENTITY, {"identity_key": identity_key})
        return rows[0]["account_id"] if rows else None

    async def of_address(self, email: EmailAddress) -> str | None:
        """Find the account of whoever comes from a provider with this address."""
        rows = await self._database.fetch(_OF_ADDRESS, address_keys(self._sealer, email))
        return rows[0]["account_id"] if rows else None

    async def enter(self, account: Account, identity: StaffIdentity, entry: AuditEntry) -> bool:
        """Enter somebody with an account of their own; False if they, or somebody with their address, are there."""
        try:
            async with together(self._database) as tx:
                await insert_accounts(tx, self._sealer, [Entered(account, entry)])
                await tx.execute(*mapper.saving(identity, self._sealer))
        except ConstraintViolated as fault:
            if fault.guard not in {Guard.STAFF_IDENTITY, Guard.STAFF_ADDRESS}:
                raise
            return False
        return True
