"""`renumber account show`."""

from renumber.cli.account.arguments import Email
from renumber.cli.account.shown import Details, details_json, details_of, lines_of
from renumber.cli.console import say
from renumber.cli.reading import Json, Times, Utc, say_json
from renumber.cli.run import By, find, look, operator
from renumber.flows.account.show import show_to_operator
from renumber.wiring.core import Core


def show(email: Email, utc: Utc = False, as_json: Json = False, by: By = "") -> None:
    """Show an account.

    Its address and its numbers are masked, and the history keeps who has looked.
    """
    shown = look(lambda core: _show(core, email, by))
    if as_json:
        say_json(details_json(shown))
        return
    for line in lines_of(shown, Times(utc)):
        say(line)


async def _show(core: Core, email: str, by: str) -> Details:
    account = await find(core, email)
    if account.email.text:
        await show_to_operator(core.services, operator(core, by), account.account_id)
    return await details_of(core, account)
