"""`renumber account list`, and how accounts are listed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

import typer

from renumber.cli.account.shown import brief_json
from renumber.cli.console import stop, told
from renumber.cli.reading import Json, Limit, Times, Utc, next_page, say_columns, say_json
from renumber.cli.run import ACCOUNT_ID, By, look, operator
from renumber.domain.account import Account
from renumber.domain.phone_number import masked
from renumber.flows.account.show import show_to_operator
from renumber.store.reads.account_pages import AccountPages
from renumber.wiring.core import Core

Read = Callable[[Core, int], Awaitable[Sequence[Account]]]


def _account_id(given: str) -> str:
    if given and not ACCOUNT_ID.fullmatch(given):
        stop("Give --after the id of an account, which has 32 digits and letters from a to f.")
    return given


After = Annotated[str, typer.Option(metavar="ID", help="Go on after this account.", callback=_account_id)]


def list_(limit: Limit = 50, after: After = "", utc: Utc = False, as_json: Json = False, by: By = "") -> None:
    """List accounts.

    They come in the order of their ids. The history of each account that is shown keeps who has looked.
    """
    found = read_page(lambda core, most: AccountPages(core.database, core.keys).all(after, most), limit, by=by)
    show_page(found, limit, utc=utc, as_json=as_json)
    if not found and not as_json:
        told("There is no account." if not after else "There is no further account.")


def read_page(read: Read, limit: int, *, by: str) -> Sequence[Account]:
    """Read a page and one more, and write down for each account of the page who looks, before it is shown."""
    return look(lambda core: _read(core, read, limit, by=by))


async def _read(core: Core, read: Read, limit: int, *, by: str) -> Sequence[Account]:
    found = await read(core, limit + 1)
    for account in found[:limit]:
        await show_to_operator(core.services, operator(core, by), account.account_id)
    return found


def show_page(found: Sequence[Account], limit: int, *, utc: bool, as_json: bool) -> None:
    """Print a page, and how to go on if there is one more."""
    page, times = found[:limit], Times(utc)
    following = page[-1].account_id if len(found) > limit else None
    if as_json:
        say_json({"accounts": [brief_json(account) for account in page], "next": following})
        return
    say_columns([_row(account, times) for account in page], wide="name")
    told(next_page(following))


def _row(account: Account, times: Times) -> dict[str, str]:
    return {
        "account": account.account_id,
        "name": account.name,
        "e-mail": account.email.masked,
        "number": masked(account.number) or "none",
        "state": account.state.value,
        "created": times.shown(account.created_at),
    }
