"""Freezing by a person: they type what the page shows, which nothing does that only opens links and presses buttons.

Programs that examine mails run the scripts of a page and press what they find; the owner has to release it then.
"""

from renumber.domain.account import Account
from renumber.domain.messages.link import Link
from renumber.domain.messages.message import Channel, Derived
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.typed.codes import digits_in
from renumber.flows.account.freeze import STOPPING, freeze_by_link
from renumber.flows.act import LinkAct, behind_link
from renumber.flows.links import find_link
from renumber.flows.services import Client, Services

DIGITS = 3


async def digits_to_type(services: Services, client: Client, token: str) -> str:
    """The digits that the page shows; none in a browser in which the owner has signed in, or for a device of theirs.

    No program has the cookie of such a browser, and what a device is given goes through no mail.
    """
    link = await find_link(services, token, *STOPPING)
    account = await services.store.find_account(link.account_id) if link else None
    if link is None or account is None or link.channel is Channel.PUSH:
        return ""
    found = await services.store.credentials(account.email.key, client.browser_id)
    return "" if found and found.knows_browser else _digits(services, link)


def _digits(services: Services, link: Link) -> str:
    binding = "\x1f".join(("freeze", link.account_id, link.link_id))
    return services.secrets.code(Derived(binding, link.key_id))[-DIGITS:]


async def freeze_by_person(services: Services, client: Client, token: str, *, typed: str) -> Step[Account | None]:
    """Freeze the account, if what the page asks for was typed."""
    wanted = await digits_to_type(services, client, token)
    is_typed = not wanted or digits_in(typed, DIGITS) == wanted
    return await (freeze_by_link if is_typed else _refuse)(services, client, token)


@behind_link(*STOPPING)
async def _refuse(act: LinkAct) -> Step[Account]:
    """Freeze nothing: the page asks again, or says that the link has ended."""
    return act.refuse(Refusal.NOT_CONFIRMED, act.account)
