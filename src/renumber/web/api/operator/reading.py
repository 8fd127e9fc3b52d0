"""Reading accounts and their standing."""

from renumber.domain.account import Account as DomainAccount
from renumber.domain.phone_number import masked
from renumber.flows.account.show import show_to_operator
from renumber.flows.account.standing import standing_of
from renumber.policies.joins import Scope
from renumber.web.api.operator.call import OperatorCall
from renumber.web.api.operator.operation import Operations
from renumber.web.api.operator.problems import Code, Problem
from renumber.web.api.operator.shapes import Account, Standing

operations = Operations()

UNKNOWN = Problem(code=Code.ACCOUNT_UNKNOWN)


@operations.declare(
    "GET",
    "/accounts/{account_id}/standing",
    scope=Scope.ACCOUNTS_READ,
    gives=Standing,
    is_tagged=True,
)
async def read_standing(call: OperatorCall) -> Standing | Problem:
    """Say whether an account is frozen, and whether its number is being changed or was changed recently."""
    found = await standing_of(call.services, call.account_id)
    if found is None:
        return UNKNOWN
    return Standing(
        frozen=found.is_frozen,
        change=found.change,
        number_changed_at=found.number_changed_at,
        hold_until=found.hold_until,
    )


@operations.declare(
    "GET",
    "/accounts/{account_id}",
    scope=Scope.ACCOUNTS_READ,
    gives=Account,
    is_tagged=True,
)
async def read_account(call: OperatorCall) -> Account | Problem:
    """Read an account; its history keeps who has looked."""
    account = await somebody(call, call.account_id)
    if account is None:
        return UNKNOWN
    await show_to_operator(call.services, call.client, account.account_id)
    return shown(account)


async def somebody(call: OperatorCall, account_id: str) -> DomainAccount | None:
    """Find the account of somebody: neither one that was erased nor one that is nobody's."""
    account = await call.services.store.find_account(account_id)
    if account is None or not account.email.text:
        return None
    call.api.request.served.account_id = account.account_id
    return account


def shown(account: DomainAccount) -> Account:
    """Show an account to a program."""
    return Account(
        account_id=account.account_id,
        name=account.name,
        email=account.email.masked,
        number=masked(account.number) or None,
        number_is_proven=account.number is not None and not account.numbers.is_unproven,
        state=account.state,
        language=account.locale,
        has_password=account.has_password,
        factors=tuple(sorted(factor.value for factor in account.factors)),
        created_at=account.created_at,
        frozen_at=account.frozen_at,
        number_changed_at=account.number_changed_at,
    )
