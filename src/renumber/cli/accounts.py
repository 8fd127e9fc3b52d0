"""`renumber account …`: creating, showing, freezing, opening and erasing accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from renumber.cli.console import FAILED, say, settings_of_environment, stop
from renumber.cli.csv_file import CsvFile, UnusableFile
from renumber.cli.entering import enter, piped_password
from renumber.cli.import_accounts import import_file
from renumber.cli.new_account import InvalidAccount, read_new_account
from renumber.cli.run import find, operator, run
from renumber.domain.account import Account
from renumber.domain.factor import FactorStatus
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import masked
from renumber.flows.account import invite as flow
from renumber.flows.account.erase import erase_account
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.release import release_by_operator
from renumber.store.database.open import Row
from renumber.store.erasure import AccountErasure
from renumber.store.history import AccountHistory
from renumber.store.records.mapper import moment
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
    str, typer.Option(help="Why. The history keeps it for ever: no name, address or number.", callback=_reason)
]
ROWS_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """An account as `account show` shows it."""

    account: Account
    change: PhoneChange | None
    factors: Sequence[FactorStatus]
    history: Sequence[Row]


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
    if not run(lambda parts: enter(parts, [account]))[0]:
        stop(f"There is an account for {email} already; `renumber account show {email}` shows it.", FAILED)
    say(f"Entered {email}." if password else f"Entered {email}. A link to choose the password is sent there.")


@app.command()
def invite(email: Email) -> None:
    """Send the link once more with which the owner of a new account chooses its password; it ends the one before."""
    refusal = run(lambda parts: _invite(parts, email))
    if refusal:
        stop("It is frozen." if refusal is Refusal.ACCOUNT_FROZEN else "It has a password already.", FAILED)
    say(f"A link to choose the password is sent to {email}.")


async def _invite(parts: Parts, email: str) -> Refusal | None:
    account = await find(parts, email)
    return (await flow.invite(parts.services, operator(parts), account.account_id)).refusal


@app.command()
def show(email: Email) -> None:
    """Show an account, address and number masked: its state, its open change, wrong codes, and what happened last."""
    shown = run(lambda parts: _look(parts, email))
    for label, value in _facts(shown).items():
        say(f"{label:14} {value}")
    say("what happened last")
    for row in shown.history:
        about = f" ({row['evidence']})" if row["evidence"] else ""
        say(f"  {_time(moment(row['at']))}  {row['actor']:9} {row['act']}{about}")


async def _look(parts: Parts, email: str) -> Details:
    account, history = await find(parts, email), AccountHistory(parts.database, parts.keys)
    change = await parts.services.store.find_change(account.account_id)
    factors = await history.factors(account.account_id)
    newest = await history.newest(account.account_id, ROWS_SHOWN)
    return Details(account=account, change=change, factors=factors, history=newest)


def _facts(shown: Details) -> dict[str, str]:
    account, change = shown.account, shown.change
    if not account.email.text:
        return {"account": account.account_id, "state": "erased"}
    return {
        "account": account.account_id,
        "name": account.name,
        "e-mail": account.email.masked,
        "password": "chosen" if account.has_password else "none yet",
        "language": account.locale,
        "state": account.state.value + (f" since {_time(account.frozen_at)}" if account.frozen_at else ""),
        "number": _number(account),
        "number before": _number_before(account),
        "open change": f"{change.state} since {_time(change.requested_at)}" if change else "none",
        **{f"wrong {one.factor} codes": _wrong(one) for one in shown.factors},
    }


def _number(account: Account) -> str:
    standing = ", entered by an operator, not proven yet" if account.numbers.is_unproven else ""
    return masked(account.number) + standing if account.number else "none"


def _number_before(account: Account) -> str:
    until = f", can undo the change until {_time(account.former_until)}" if account.former_until else ""
    return masked(account.former_number) + until if account.former_number else "none"


def _wrong(factor: FactorStatus) -> str:
    suspended = f", suspended since {_time(factor.suspended_at)}" if factor.suspended_at else ""
    return f"{factor.wrong_in_a_row} in a row{suspended}"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


@app.command()
def freeze(email: Email, reason: Reason) -> None:
    """Stop everything on an account: open changes, sessions, sign-ins."""
    refusal = run(lambda parts: _freeze(parts, email, reason))
    say("It was frozen already." if refusal else f"Frozen. `renumber account unfreeze {email} --reason …` opens it.")


async def _freeze(parts: Parts, email: str, reason: str) -> Refusal | None:
    account = await find(parts, email)
    step = await freeze_by_operator(parts.services, operator(parts), account.account_id, reason)
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
) -> None:
    """Open a frozen account again, with the number that it had before a change of the week before the freezing."""
    if keep_number and former_number:
        stop("Choose one of --keep-number and --former-number.")
    chosen = [one for one, given in ((Wanted.PRESENT, keep_number), (Wanted.FORMER, former_number)) if given]
    account, refusal = run(lambda parts: _unfreeze(parts, email, reason, wanted=[*chosen, Wanted.RECENT][0]))
    number = masked(account.number) or "none: it is asked for at the next sign-in"
    say("It isn't frozen." if refusal else f"Opened. Its number is {number}.")


async def _unfreeze(parts: Parts, email: str, reason: str, *, wanted: Wanted) -> tuple[Account, Refusal | None]:
    account = await find(parts, email)
    step = await release_by_operator(parts.services, operator(parts), account.account_id, reason, wanted=wanted)
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
    await erase_account(AccountErasure(parts.database, parts.keys), account.account_id, parts.clock.now())
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
) -> None:
    """Enter many accounts; good rows are kept, bad ones told, and it is safe to repeat."""
    try:
        csv_file = CsvFile(file)
        tally = run(lambda parts: import_file(parts, csv_file, errors))
    except UnusableFile as problem:
        stop(str(problem))
    say(f"{tally.entered} entered, {tally.already_there} already there, {tally.bad} bad.")
    if tally.bad:
        where = f" They are listed in {errors}." if errors else ""
        stop(f"Mend the bad rows and import the file again; what is there already stays as it is.{where}", FAILED)
