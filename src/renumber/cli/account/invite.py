"""`renumber account invite`."""

from renumber.cli.account.arguments import Email
from renumber.cli.console import FAILED, say, stop
from renumber.cli.run import By, find, operator, run
from renumber.domain.outcomes import Refusal
from renumber.flows.account import invite as flow
from renumber.wiring.core import Core


def invite(email: Email, by: By = "") -> None:
    """Invite the owner of a new account.

    The link expires, and ends the one before.
    """
    refusal = run(lambda core: _invite(core, email, by))
    if refusal:
        stop("It is frozen." if refusal is Refusal.ACCOUNT_FROZEN else "It has a password already.", FAILED)
    say(f"A link to choose the password is sent to {email}.")


async def _invite(core: Core, email: str, by: str) -> Refusal | None:
    account = await find(core, email)
    return (await flow.invite(core.services, operator(core, by), account.account_id)).refusal
