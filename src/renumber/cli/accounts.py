"""`renumber account …`: creating, showing, freezing, opening and erasing accounts."""

from pathlib import Path
from typing import Annotated

import typer

from renumber.cli.console import FAILED, say, settings_of_environment, stop
from renumber.cli.csv_file import CsvFile, UnusableFile
from renumber.cli.entering import enter, piped_password
from renumber.cli.import_accounts import import_file
from renumber.cli.new_account import InvalidAccount, read_new_account
from renumber.cli.run import By, find, operator, run
from renumber.cli.shown_account import lines_of, look
from renumber.domain.account import Account
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import masked
from renumber.flows.account import invite as flow
from renumber.flows.account.erase import erase_account
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.release import release_by_operator
from renumber.flows.account.show import show_to_operator
from renumber.store.erasure import AccountErasure
from renumber.wiring import Parts

MOST_REASON = 200


def _reason(given: str) -> str:
    """Check a reason: one line, for whoever reads the history."""
    if not given.strip() or not given.isprintable() or len(given) > MOST_REASON:
        stop(f"Give a reason in one line of at most {MOST_REASON} characters.")
    return given.strip()


app = typer.Typer(
    name="account", help="Enter, show, freeze and release accounts.", no_args_is_help=True, add_completion=False
)

Email = Annotated[str, typer.Argument(help="The e-mail address of the account, or its id.")]
Reason = Annotated[
    str, typer.Option(help="Why. The history keeps it, sealed, until the account is erased.", callback=_reason)
]


@app.command()
def create(
    email: Annotated[str, typer.Option(help="The address to sign in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read it from standard input. Else a link is sent to choose one.")
    ] = False,
    locale: Annotated[str, typer.Option(help="The language of mails and texts.")] = "",
    phone: Annotated[str, typer.Option(help="The number, as +4915123456789; it may be left out.")] = "",
    country: Annotated[str, typer.Option(help="The country of a number without plus: DE, US, …")] = "",
    verified: Annotated[
        bool, typer.Option("--verified", help="You have made sure that the number is this person's.")
    ] = False,
    by: By = "",
) -> None:
    """Enter one account."""
    settings = settings_of_environment()
    password = piped_password() if password_stdin else ""
    values = {"email": email, "name": name, "locale": locale, "phone": phone, "country": country}
    values |= {"verified": "yes" if verified else "", "password": password}
    try:
        account = read_new_account(values, settings)
    except InvalidAccount as problem:
        stop(f"This account can't be entered: {problem}.")
    if not run(lambda parts: enter(parts, [account], by=by))[0]:
        stop(f"There is an account for {email} already; `renumber account show {email}` shows it.", FAILED)
    say(f"Entered {email}." if password else f"Entered {email}. A link to choose the password is sent there.")


@app.command()
def invite(email: Email, by: By = "") -> None:
    """Send the link once more with which the owner of a new account chooses its password; it ends the one before."""
    refusal = run(lambda parts: _invite(parts, email, by))
    if refusal:
        stop("It is frozen." if refusal is Refusal.ACCOUNT_FROZEN else "It has a password already.", FAILED)
    say(f"A link to choose the password is sent to {email}.")


async def _invite(parts: Parts, email: str, by: str) -> Refusal | None:
    account = await find(parts, email)
    return (await flow.invite(parts.services, operator(parts, by), account.account_id)).refusal


@app.command()
def show(email: Email, by: By = "") -> None:
    """Show an account, address and number masked: its state, its open change, wrong codes, and what happened last.

    The history keeps who has looked.
    """
    for line in run(lambda parts: _show(parts, email, by)):
        say(line)


async def _show(parts: Parts, email: str, by: str) -> list[str]:
    account = await find(parts, email)
    if account.email.text:
        await show_to_operator(parts.services, operator(parts, by), account.account_id)
    return list(lines_of(await look(parts, account)))


@app.command()
def freeze(email: Email, reason: Reason, by: By = "") -> None:
    """Stop everything on an account: open changes, sessions, sign-ins."""
    refusal = run(lambda parts: _freeze(parts, email, reason, by=by))
    say("It was frozen already." if refusal else f"Frozen. `renumber account unfreeze {email} --reason …` opens it.")


async def _freeze(parts: Parts, email: str, reason: str, *, by: str) -> Refusal | None:
    account = await find(parts, email)
    step = await freeze_by_operator(parts.services, operator(parts, by), account.account_id, reason)
    return step.refusal


@app.command()
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
    """Open a frozen account again, with the number that it had before a change of the week before the freezing."""
    if keep_number and former_number:
        stop("Choose one of --keep-number and --former-number.")
    chosen = [one for one, given in ((Wanted.PRESENT, keep_number), (Wanted.FORMER, former_number)) if given]
    account, refusal = run(lambda parts: _unfreeze(parts, email, reason, wanted=[*chosen, Wanted.RECENT][0], by=by))
    number = masked(account.number) or "none: it is asked for at the next sign-in"
    say("It isn't frozen." if refusal else f"Opened. Its number is {number}.")


async def _unfreeze(
    parts: Parts, email: str, reason: str, *, wanted: Wanted, by: str
) -> tuple[Account, Refusal | None]:
    account = await find(parts, email)
    step = await release_by_operator(parts.services, operator(parts, by), account.account_id, reason, wanted=wanted)
    return step.state, step.refusal


@app.command()
def erase(
    email: Email,
    yes: Annotated[bool, typer.Option("--yes", help="Really do it: there is no way back.")] = False,
    by: By = "",
) -> None:
    """Forget a person: every identifier goes, the history of what happened stays."""
    if not yes:
        stop("This can't be undone. Add --yes to do it.")
    account_id = run(lambda parts: _erase(parts, email, by))
    say(f"Erased. The history stays under {account_id}.")


async def _erase(parts: Parts, email: str, by: str) -> str:
    account = await find(parts, email)
    await erase_account(AccountErasure(parts.database, parts.keys), account.account_id, parts.clock.now(), by=by)
    return account.account_id


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV: email, name, locale, phone, country, verified, password_hash.", exists=True, dir_okay=False
        ),
    ],
    errors: Annotated[Path | None, typer.Option(help="Write the bad rows' lines and reasons here, as CSV.")] = None,
    by: By = "",
) -> None:
    """Enter many accounts; good rows are kept, bad ones told, and it is safe to repeat."""
    try:
        csv_file = CsvFile(file)
        tally = run(lambda parts: import_file(parts, csv_file, errors, by=by))
    except UnusableFile as problem:
        stop(str(problem))
    say(f"{tally.entered} entered, {tally.already_there} already there, {tally.bad} bad.")
    if tally.bad:
        where = f" They are listed in {errors}." if errors else ""
        stop(f"Mend the bad rows and import the file again; what is there already stays as it is.{where}", FAILED)
