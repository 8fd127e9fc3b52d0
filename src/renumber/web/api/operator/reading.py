"""Reading accounts and their standing."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from contextlib import suppress

from renumber.domain.account import Account as DomainAccount
from renumber.domain.organisations.membership import organisation_of
from renumber.domain.phone_number import PhoneNumber, masked
from renumber.flows.account.show import show_to_operator
from renumber.flows.account.standing import standing_of
from renumber.flows.ports.services import Unreadable
from renumber.flows.ports.store import AccountUnknown
from renumber.policies.email_addresses import address_to_look_up
from renumber.policies.joins import Scope
from renumber.policies.number_plans.in_files import read_written_number
from renumber.policies.numbers import NumberRules
from renumber.web.api.call import decoded
from renumber.web.api.operations.operation import Operations
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.operator.call import OperatorCall
from renumber.web.api.operator.shapes import Account, AccountPage, AccountSearch, Paging, Standing

operations = Operations()
CURSOR = "api.cursor"

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
        organisation_id=organisation_of(account.membership),
        is_administrator=account.membership is not None and account.membership.is_administrator,
    )


@operations.declare(
    "GET",
    "/accounts",
    scope=Scope.ACCOUNTS_READ,
    asks=Paging,
    gives=AccountPage,
    refuses=(Code.CURSOR_NOT_VALID,),
)
async def list_accounts(call: OperatorCall, asked: Paging) -> AccountPage | Problem:
    """List accounts; the history of each that is shown keeps who has looked."""
    after = opened(call, asked.cursor)
    if after is None:
        return Problem(code=Code.CURSOR_NOT_VALID)
    return await _page(call, await call.operator.pages.all(after, asked.limit + 1), asked.limit)


@operations.declare(
    "POST",
    "/accounts/search",
    scope=Scope.ACCOUNTS_READ,
    takes=AccountSearch,
    gives=AccountPage,
    refuses=(Code.CURSOR_NOT_VALID,),
)
async def search_accounts(call: OperatorCall, sent: AccountSearch) -> AccountPage | Problem:
    """Find accounts by an address or a number, which stand in the body so that no log of addresses has them."""
    after = opened(call, sent.cursor)
    if after is None:
        return Problem(code=Code.CURSOR_NOT_VALID)
    if (sent.email is None) == (sent.number is None):
        return Problem(code=Code.NOT_VALID, detail="Give one of `email` and `number`")
    if sent.number is None:
        return await _page(call, await _of_email(call, sent.email or "", after), sent.limit)
    number = read_written_number(sent.number, "", NumberRules())
    if not isinstance(number, PhoneNumber):
        return Problem(code=Code.NOT_VALID, detail="it is no number with its plus - at `$.number`")
    return await _page(call, await call.operator.pages.of_number(number, after, sent.limit + 1), sent.limit)


async def _of_email(call: OperatorCall, email: str, after: str) -> Sequence[DomainAccount]:
    account = await account_of(call, email)
    return [account] if account and account.account_id > after else []


async def account_of(call: OperatorCall, email: str) -> DomainAccount | None:
    """Find the account of an address."""
    found = await call.services.store.credentials(address_to_look_up(email).key, "")
    return await somebody(call, found.account_id) if found else None


async def _page(call: OperatorCall, found: Sequence[DomainAccount], limit: int) -> AccountPage:
    page = []
    for account in found[:limit]:
        with suppress(AccountUnknown):  # erased since it was found
            await show_to_operator(call.services, call.client, account.account_id)
            page.append(shown(account))
    following = closed(call, found[limit - 1].account_id) if len(found) > limit else None
    return AccountPage(accounts=tuple(page), next=following)


def closed(call: OperatorCall, after: str) -> str:
    """Make a cursor: sealed, so that it tells nothing, and bound to the key that was given it."""
    sealed = call.api.site.sealing.seal(after, f"{CURSOR}:{call.key.name}")
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def opened(call: OperatorCall, cursor: str) -> str | None:
    """Open a cursor; an empty one is the beginning, and None is none of ours."""
    if not cursor:
        return ""
    try:
        return call.api.site.sealing.unseal(decoded(cursor) or b"", f"{CURSOR}:{call.key.name}")
    except (ValueError, Unreadable):
        return None
