"""Entering accounts, by the operator."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.domain.facts import Fact
from renumber.domain.number_history import NumberHistory
from renumber.domain.organisations.membership import join
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.consequences import entry_of_operator
from renumber.flows.events import events_of_operator
from renumber.flows.ports.services import Clock, JoinsSource, Secrets
from renumber.flows.ports.store import Entered, NewAccounts


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An account to be: its address, name, locale, number if any, and the hash of its password.

    `number_is_verified` says that the operator has made sure whose number it is. It belongs to the organisation of
    `organisation_id`, if that is given.
    """

    email: EmailAddress
    name: str = field(repr=False)
    locale: str
    number: PhoneNumber | None
    password_hash: str = field(repr=False)
    number_is_verified: bool = False
    organisation_id: str | None = None


async def enter_accounts(
    new_accounts: NewAccounts,
    clock: Clock,
    secrets: Secrets,
    *,
    newcomers: Sequence[Newcomer],
    joins: JoinsSource,
    by: str = "",
) -> Sequence[bool]:
    """Add accounts in one transaction, by an operator of this name.

    False stands for an address that has an account already.
    """
    accounts = [_account(newcomer, clock, secrets) for newcomer in newcomers]
    return await new_accounts.add([_entered(account, joins, by=by) for account in accounts])


def _account(newcomer: Newcomer, clock: Clock, secrets: Secrets) -> Account:
    now, organisation_id = clock.now(), newcomer.organisation_id
    return Account(
        account_id=secrets.new_id(),
        email=newcomer.email,
        name=newcomer.name,
        locale=newcomer.locale,
        password_hash=newcomer.password_hash,
        numbers=NumberHistory(
            present=newcomer.number, is_unproven=newcomer.number is not None and not newcomer.number_is_verified
        ),
        created_at=now,
        membership=join(None, organisation_id, now).state if organisation_id else None,
    )


def _entered(account: Account, joins: JoinsSource, *, by: str) -> Entered:
    fact, account_id, at = Fact.ACCOUNT_CREATED, account.account_id, account.created_at
    events = events_of_operator(fact, account_id, at, joins=joins, number=account.number)
    return Entered(account, entry_of_operator(fact, account_id, at, by=by), events)
