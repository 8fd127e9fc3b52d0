"""`renumber account …`: entering, looking, freezing, releasing."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from renumber.cli.csv_file import CsvFile, Unusable
from renumber.cli.entrants import Entrant, NotAnEntrant, read_entrant
from renumber.cli.importing import import_file
from renumber.cli.running import find, operator, run
from renumber.cli.words import FAILED, say, settings_of_environment, stop
from renumber.domain.account import Account
from renumber.domain.outcomes import Fact, Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import masked
from renumber.flows.accounts import enter_accounts
from renumber.flows.consequences import OPERATOR
from renumber.flows.freeze import freeze_by_operator, release_by_operator
from renumber.flows.ports import OPEN_CHANGE, AuditEntry
from renumber.store import erasure
from renumber.wiring import Parts

app = typer.Typer(help="Enter, show, freeze and release accounts.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The e-mail address of the account.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept in the account's history.")]


@app.command()
def create(
    email: Annotated[str, typer.Option(help="The address to sign in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")],
    locale: Annotated[str, typer.Option(help="The language of mails and texts.")] = "",
    phone: Annotated[str, typer.Option(help="The number, in E.164 or national form; it may be left out.")] = "",
) -> None:
    """Enter one account."""
    settings = settings_of_environment()
    if not password_stdin:
        stop("Pipe the password in and add --password-stdin: an argument can be read by everyone on the machine.")
    password = sys.stdin.read().removesuffix("\n").removesuffix("\r")
    values = {"email": email, "name": name, "locale": locale, "phone": phone, "password": password}
    try:
        entrant = read_entrant(values, settings)
    except NotAnEntrant as problem:
        stop(f"This account can't be entered: {problem}.")
    if not run(lambda parts: _create(parts, entrant)):
        stop(f"There is an account for {email} already; `renumber account show {email}` shows it.", FAILED)
    say(f"Entered {email}.")


async def _create(parts: Parts, entrant: Entrant) -> bool:
    newcomer = replace(entrant.newcomer, password_hash=await parts.passwords.hash(entrant.password))
    return (await enter_accounts(parts.register, parts.clock, parts.keys, newcomers=[newcomer]))[0]


@app.command()
def show(email: Email) -> None:
    """Show an account, its number masked."""
    account, change = run(lambda parts: _find_with_change(parts, email))
    facts = {
        "account": account.account_id,
        "name": account.name,
        "e-mail": account.email.masked,
        "language": account.locale,
        "state": account.state.value + (f" since {account.frozen_at:%Y-%m-%d %H:%M} UTC" if account.frozen_at else ""),
        "number": masked(account.number) or "none",
        "number before": masked(account.former_number) or "none",
        "open change": f"{change.state} since {change.requested_at:%Y-%m-%d %H:%M} UTC" if change else "none",
    }
    for label, value in facts.items():
        say(f"{label:14} {value}")


async def _find_with_change(parts: Parts, email: str) -> tuple[Account, PhoneChange | None]:
    account = await find(parts, email)
    return account, await parts.house.store.find_change(account.account_id, OPEN_CHANGE)


@app.command()
def freeze(email: Email, reason: Reason) -> None:
    """Stop everything on an account: open changes, sessions, sign-ins."""
    refusal = run(lambda parts: _freeze(parts, email, reason))
    say("It was frozen already." if refusal else f"Frozen. `renumber account unfreeze {email} --reason …` opens it.")


async def _freeze(parts: Parts, email: str, reason: str) -> Refusal | None:
    account = await find(parts, email)
    step = await freeze_by_operator(parts.house, account.account_id, reason, origin=operator(parts))
    return step.refusal


@app.command()
def unfreeze(
    email: Email,
    reason: Reason,
    keep_number: Annotated[
        bool, typer.Option("--keep-number", help="Keep the present number instead of the one before the change.")
    ] = False,
) -> None:
    """Open a frozen account again, with the number that it had before the change."""
    account, refusal = run(lambda parts: _unfreeze(parts, email, reason, keeps_number=keep_number))
    number = masked(account.number) or "none: it is asked for at the next sign-in"
    say("It isn't frozen." if refusal else f"Opened. Its number is {number}.")


async def _unfreeze(parts: Parts, email: str, reason: str, *, keeps_number: bool) -> tuple[Account, Refusal | None]:
    account = await find(parts, email)
    step = await release_by_operator(
        parts.house, account.account_id, reason, origin=operator(parts), keeps_number=keeps_number
    )
    return step.state, step.refusal


@app.command()
def erase(
    email: Email,
    yes: Annotated[bool, typer.Option("--yes", help="Really do it: there is no way back.")] = False,
) -> None:
    """Forget a person: every identifier goes, the history of what happened stays."""
    if not yes:
        stop("This can't be undone. Add --yes to do it.")
    account_id = run(lambda parts: _erase(parts, email))
    say(f"Erased. The history stays under {account_id}.")


async def _erase(parts: Parts, email: str) -> str:
    account = await find(parts, email)
    now = parts.clock.now()
    entry = AuditEntry(now, OPERATOR, Fact.ACCOUNT_ERASED, account.account_id, "", browser="", ip="")
    await erasure.erase(parts.database, parts.keys, account.account_id, entry=entry)
    return account.account_id


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV: email, name, locale, phone, password_hash.", exists=True, dir_okay=False)
    ],
    errors: Annotated[Path | None, typer.Option(help="Write the bad rows' lines and reasons here, as CSV.")] = None,
) -> None:
    """Enter many accounts; good rows are kept, bad ones told, and it is safe to repeat."""
    try:
        csv_file = CsvFile(file)
        tally = run(lambda parts: import_file(parts, csv_file, errors))
    except Unusable as problem:
        stop(str(problem))
    say(f"{tally.entered} entered, {tally.already_there} already there, {tally.bad} bad.")
    if tally.bad:
        where = f" They are listed in {errors}." if errors else ""
        stop(f"Mend the bad rows and import the file again; what is there already stays as it is.{where}", FAILED)
