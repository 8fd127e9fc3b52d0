"""Adding an organisation: its row, and the account that is nobody's under whose id its history is kept."""

from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.domain.organisations.organisation import Organisation
from renumber.flows.ports.store import AuditEntry
from renumber.policies.tally import Tally
from renumber.store.audit import append
from renumber.store.database.commit import together
from renumber.store.database.guards import Guard
from renumber.store.database.interface import ConstraintViolated
from renumber.store.database.open import Database, Values
from renumber.store.organisations import organisations
from renumber.store.records import accounts
from renumber.store.records.mapper import Sealer


class NewOrganisationStore:
    """The NewOrganisations port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def add(self, organisation: Organisation, entry: AuditEntry) -> bool:
        """Add an organisation, with the first row of its history; False if there is one of that name."""
        start = append.Head(organisation.account_id, seq=0, hash=append.START)
        head, history = append.append(start, [entry], self._sealer)
        its_chain = {**append.head_columns(head, self._sealer), **append.tally_columns(Tally())}
        try:
            async with together(self._database) as tx:
                await tx.execute(accounts.mapper.insert, {**self._nobody(organisation), **its_chain})
                await tx.execute(*organisations.mapper.saving(organisation, self._sealer))
                for statement, values in history:
                    await tx.execute(statement, values)
        except ConstraintViolated as fault:
            if fault.guard is not Guard.ORGANISATION_NAME:
                raise
            return False
        return True

    def _nobody(self, organisation: Organisation) -> Values:
        """The row of an account without an address, which nobody can sign in to and no list shows."""
        account_id = organisation.account_id
        made_at, nowhere = organisation.created_at, EmailAddress("")
        account = Account(
            account_id=account_id, email=nowhere, name="", locale="en", password_hash="", created_at=made_at
        )
        row = accounts.mapper.write(account, self._sealer)
        return {**row, "email": None, "name": None, "password_hash": None, "version": 1}
