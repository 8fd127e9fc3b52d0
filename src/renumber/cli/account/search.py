"""`renumber account search`."""

import re
from collections.abc import Sequence
from typing import Annotated

import typer

from renumber.cli.account.listing import After, read_page, show_page
from renumber.cli.console import FAILED, stop
from renumber.cli.reading import Json, Limit, Utc
from renumber.cli.run import ACCOUNT_ID, By
from renumber.domain.account import Account
from renumber.domain.phone_number import E164, PhoneNumber
from renumber.policies.email_addresses import address_to_look_up
from renumber.store.reads.account_pages import AccountPages
from renumber.wiring.core import Core

BETWEEN_DIGITS = re.compile(r"[\s()./-]")


def search(
    wanted: Annotated[
        str, typer.Argument(metavar="WANTED", help="An e-mail address, a number with its plus, or an id.")
    ],
    limit: Limit = 50,
    after: After = "",
    utc: Utc = False,
    as_json: Json = False,
    by: By = "",
) -> None:
    """Find accounts.

    Each is matched as a whole: what is sealed can be compared, and not searched. Several accounts may share a number.
    The history of each account that is found keeps who has looked.
    """
    sought = wanted.strip()
    if not _can_be_sought(sought):
        stop("Search for an e-mail address, a number with its plus, or an id: names are sealed and can't be searched.")
    found = read_page(lambda core, most: _matching(core, sought, after=after, limit=most), limit, by=by)
    show_page(found, limit, utc=utc, as_json=as_json)
    if not found:
        stop("" if as_json else "No account is found for it.", FAILED)


def _can_be_sought(wanted: str) -> bool:
    return "@" in wanted or bool(ACCOUNT_ID.fullmatch(wanted) or E164.fullmatch(_compact(wanted)))


def _compact(wanted: str) -> str:
    return BETWEEN_DIGITS.sub("", wanted)


async def _matching(core: Core, wanted: str, *, after: str, limit: int) -> Sequence[Account]:
    store = core.services.store
    if not ACCOUNT_ID.fullmatch(wanted) and E164.fullmatch(_compact(wanted)):
        pages = AccountPages(core.database, core.keys)
        return await pages.of_number(PhoneNumber(_compact(wanted)), after, limit)
    credentials = await store.credentials(address_to_look_up(wanted).key, "") if "@" in wanted else None
    account = await store.find_account(credentials.account_id if credentials else wanted)
    return [account] if account and account.email.text and account.account_id > after else []
