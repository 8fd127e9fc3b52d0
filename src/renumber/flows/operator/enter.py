"""Entering one account whose owner chooses the password by a link."""

from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.flows.account.invite import invite_new
from renumber.flows.operator.services import OperatorServices
from renumber.flows.services import Client, Services


async def enter_invited(
    services: Services, client: Client, newcomer: Newcomer, *, operator: OperatorServices
) -> str | None:
    """Add the account and send its link; None if the address has an account, whose link is sent if it never was."""
    by, clock, secrets = client.operator, services.clock, services.secrets
    [is_added] = await enter_accounts(
        operator.new_accounts, clock, secrets, newcomers=[newcomer], joins=services.joins, by=by
    )
    await invite_new(services, client, newcomer.email)
    found = await services.store.credentials(newcomer.email.key, "") if is_added else None
    return found.account_id if found else None
