"""Inviting the owner of a new account to choose its password, by a link that expires.

It rests on the mailbox as any password that was chosen by mail does, so that the mailbox alone leads no further.
"""

from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.account.password_reset import send_link
from renumber.flows.act import Act, by_operator
from renumber.flows.services import Client, Services


async def invite_new(services: Services, client: Client, email: EmailAddress) -> None:
    """Send the link of an account that was entered without a password, unless it was sent before."""
    found = await services.store.credentials(email.key, "")
    account = await services.store.find_account(found.account_id) if found else None
    if account and not account.has_password and account.password_link_id is None:
        await invite(services, client, account.account_id)


@by_operator
async def invite(act: Act) -> Step[Account]:
    """Send the link; a newer one ends the older."""
    if act.account.has_password:
        return act.refuse(Refusal.NOT_NOW, act.account)
    if act.account.is_frozen:
        return act.refuse(Refusal.ACCOUNT_FROZEN, act.account)
    send_link(act, act.limits.activation_link_for)
    return act.done(act.account)
