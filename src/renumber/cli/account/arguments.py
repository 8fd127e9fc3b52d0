"""The arguments that commands on an account share."""

from typing import Annotated

import typer

from renumber.cli.console import stop
from renumber.policies.operator.account_texts import MOST_REASON, read_reason


def _reason(given: str) -> str:
    """Check a reason: one line, for whoever reads the history."""
    reason = read_reason(given)
    if reason is None:
        stop(f"Give a reason in one line of at most {MOST_REASON} characters.")
    return reason


Email = Annotated[str, typer.Argument(help="The e-mail address of the account, or its id.")]
Reason = Annotated[
    str, typer.Option(help="Why. The history keeps it, sealed, until the account is erased.", callback=_reason)
]
