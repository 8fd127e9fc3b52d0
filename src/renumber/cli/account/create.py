"""`renumber account create`."""

from typing import Annotated

import typer

from renumber.cli.account.entering import enter, piped_password
from renumber.cli.account.new_account import InvalidAccount, read_new_account
from renumber.cli.console import FAILED, say, stop, told
from renumber.cli.faults import settings_of_environment
from renumber.cli.run import By, run


def create(
    email: Annotated[str, typer.Option(help="The address to sign in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin", help="Read the password from standard input. Else a link is sent to choose one."
        ),
    ] = False,
    locale: Annotated[str, typer.Option(help="The language of mails and texts.")] = "",
    phone: Annotated[str, typer.Option(help="The number, as +4915123456789; it may be left out.")] = "",
    country: Annotated[str, typer.Option(help="The country of a number without plus: DE, US, …")] = "",
    verified: Annotated[
        bool, typer.Option("--verified", help="You have made sure that the number is this person's.")
    ] = False,
    by: By = "",
) -> None:
    """Create an account."""
    settings = settings_of_environment()
    password = piped_password() if password_stdin else ""
    values = {"email": email, "name": name, "locale": locale, "phone": phone, "country": country}
    values |= {"verified": "yes" if verified else "", "password": password}
    try:
        account = read_new_account(values, settings)
    except InvalidAccount as problem:
        stop(f"This account can't be created: {problem}.")
    if account.unspoken:
        told(f"{account.unspoken} is not among RENUMBER_LOCALES; messages go out in {account.newcomer.locale}.")
    if not run(lambda core: enter(core, [account], by=by))[0]:
        stop(f"There is an account for {email} already; `renumber account show {email}` shows it.", FAILED)
    say(f"Created {email}." if password else f"Created {email}. A link to choose the password is sent there.")
