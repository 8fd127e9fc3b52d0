"""`renumber account erase`."""

from typing import Annotated

import typer

from renumber.cli.account.arguments import Email
from renumber.cli.console import say, stop
from renumber.cli.run import By, find, run
from renumber.flows.account.erase import erase_account
from renumber.store.erasure import AccountErasure
from renumber.wiring.core import Core


def erase(
    email: Email,
    yes: Annotated[bool, typer.Option("--yes", help="Really do it: there is no way back.")] = False,
    by: By = "",
) -> None:
    """Erase a person."""
    if not yes:
        stop("This can't be undone. Add --yes to do it.")
    account_id = run(lambda core: _erase(core, email, by))
    say(f"Erased. The history stays under {account_id}.")


async def _erase(core: Core, email: str, by: str) -> str:
    account = await find(core, email)
    erasure, joins = AccountErasure(core.database, core.keys), core.services.joins
    await erase_account(erasure, account.account_id, core.clock.now(), joins=joins, by=by)
    return account.account_id
