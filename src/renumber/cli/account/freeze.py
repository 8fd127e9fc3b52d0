"""`renumber account freeze` and `unfreeze`."""

from typing import Annotated

import typer

from renumber.cli.account.arguments import Email, Reason
from renumber.cli.console import say, stop
from renumber.cli.run import By, find, operator, run
from renumber.domain.account import Account
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import masked
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.release import release_by_operator
from renumber.wiring.core import Core


def freeze(email: Email, reason: Reason, by: By = "") -> None:
    """Freeze an account."""
    refusal = run(lambda core: _freeze(core, email, reason, by=by))
    say("It was frozen already." if refusal else f"Frozen. `renumber account unfreeze {email} --reason …` releases it.")


async def _freeze(core: Core, email: str, reason: str, *, by: str) -> Refusal | None:
    account = await find(core, email)
    step = await freeze_by_operator(core.services, operator(core, by), account.account_id, reason)
    return step.refusal


def unfreeze(
    email: Email,
    reason: Reason,
    keep_number: Annotated[
        bool, typer.Option("--keep-number", help="Keep the present number instead of the one before the change.")
    ] = False,
    former_number: Annotated[
        bool, typer.Option("--former-number", help="Bring the number before the change back, also after its week.")
    ] = False,
    by: By = "",
) -> None:
    """Release a frozen account."""
    if keep_number and former_number:
        stop("Choose one of --keep-number and --former-number.")
    chosen = [one for one, given in ((Wanted.PRESENT, keep_number), (Wanted.FORMER, former_number)) if given]
    account, refusal = run(lambda core: _unfreeze(core, email, reason, wanted=[*chosen, Wanted.RECENT][0], by=by))
    number = masked(account.number) or "none: it is asked for at the next sign-in"
    say("It isn't frozen." if refusal else f"Released. Its number is {number}.")


async def _unfreeze(core: Core, email: str, reason: str, *, wanted: Wanted, by: str) -> tuple[Account, Refusal | None]:
    account = await find(core, email)
    step = await release_by_operator(core.services, operator(core, by), account.account_id, reason, wanted=wanted)
    return step.state, step.refusal
