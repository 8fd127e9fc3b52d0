"""`renumber account …`: entering, looking, freezing, releasing."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from renumber.cli.importing import Unusable, import_file
from renumber.cli.running import find, operator, run
from renumber.cli.words import FAILED, err, say, settings_of_environment, stop
from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.domain.outcomes import Fact, Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import PhoneNumber, masked
from renumber.flows.accounts import Newcomer, enter_accounts
from renumber.flows.consequences import OPERATOR
from renumber.flows.freeze import freeze_by_operator, release_by_operator
from renumber.flows.ports import OPEN_CHANGE, AuditEntry
from renumber.policies.numbers import read_number
from renumber.policies.passwords import PasswordProblem, judge
from renumber.settings import Settings
from renumber.store import erasure
from renumber.wiring import Parts

app = typer.Typer(help="Enter, show, freeze and release accounts.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The e-mail address of the account.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept in the account's history.")]

NUMBER_PROBLEMS = {
    Refusal.NUMBER_TOO_SHORT: "digits are missing",
    Refusal.NUMBER_TOO_LONG: "there are too many digits",
    Refusal.NUMBER_NOT_MOBILE: "it is not a mobile number, so it gets no text messages",
    Refusal.NUMBER_COUNTRY_NOT_SERVED: "its country is not among RENUMBER_ALLOWED_COUNTRIES",
}
PASSWORD_PROBLEMS = {
    PasswordProblem.TOO_SHORT: "is too short",
    PasswordProblem.TOO_LONG: "is too long",
    PasswordProblem.TOO_COMMON: "is one that many people use",
}


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
    language = _language(settings, locale)
    address, number = _address(email), _number(settings, phone)
    password = _password(settings, sys.stdin.read().removesuffix("\n").removesuffix("\r"), (email, name))
    added = run(
        lambda parts: _create(parts, address, name.strip(), language=language, number=number, password=password)
    )
    if not added:
        stop(f"There is an account for {email} already; `renumber account show {email}` shows it.", FAILED)
    say(f"Entered {email}.")


async def _create(
    parts: Parts, email: EmailAddress, name: str, *, language: str, number: PhoneNumber | None, password: str
) -> bool:
    newcomer = Newcomer(email, name, language, number, await parts.passwords.hash(password))
    return (await enter_accounts(parts.register, parts.clock, parts.keys, newcomers=[newcomer]))[0]


def _language(settings: Settings, locale: str) -> str:
    if locale and locale not in settings.locales:
        stop(f"There are no texts in {locale}; choose one of {', '.join(settings.locales)}.")
    return locale or settings.locales[0]


def _address(email: str) -> EmailAddress:
    local, _, domain = email.strip().rpartition("@")
    if not local or "." not in domain or any(character.isspace() for character in email.strip()) or len(email) > 254:
        stop(f"{email!r} is no e-mail address; write it like anna@example.com.")
    return EmailAddress(email.strip())


def _number(settings: Settings, phone: str) -> PhoneNumber | None:
    if not phone.strip():
        return None
    read = read_number(phone, settings.numbers.default_country, settings.numbers)
    if not isinstance(read, PhoneNumber):
        problem = NUMBER_PROBLEMS.get(read, "it is not a valid number")
        stop(f"The phone number can't be used: {problem}. Write it like +4915123456789.")
    return read


def _password(settings: Settings, password: str, context: tuple[str, ...]) -> str:
    least, most = settings.limits.password_min, settings.limits.password_max
    problem = judge(password, minimum=least, maximum=most, context=(*context, settings.brand))
    if problem:
        stop(f"The password {PASSWORD_PROBLEMS[problem]}; take one of {least} to {most} characters.")
    return password


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
        tally = run(lambda parts: import_file(parts, file))
    except Unusable as problem:
        stop(str(problem))
    for line, reason in tally.bad:
        err.print(f"line {line}: {reason}", markup=False)
    if errors:
        errors.write_text("line,reason\n" + "".join(f'{line},"{reason}"\n' for line, reason in tally.bad))
    say(f"{tally.entered} entered, {tally.already_there} already there, {len(tally.bad)} bad.")
    if tally.bad:
        raise typer.Exit(FAILED)
