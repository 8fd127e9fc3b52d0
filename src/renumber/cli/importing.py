"""`renumber account import`: many accounts from a CSV file, in bounded memory."""

import asyncio
import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from renumber.cli.progress import progress
from renumber.domain.email_address import EmailAddress
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.accounts import Newcomer, enter_accounts
from renumber.passwords import is_supported
from renumber.policies.numbers import read_number
from renumber.wiring import Parts

AT_ONCE = 500
WANTED = ("email", "name")
KNOWN = frozenset({"email", "name", "locale", "phone", "password_hash", "password"})


class Unusable(Exception):
    """A file that can't be imported, with a sentence that says what to do."""


@dataclass
class Tally:
    """What became of the rows."""

    entered: int = 0
    already_there: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One good row; its password, if it came in the clear, is hashed before it is entered."""

    newcomer: Newcomer
    password: str = field(repr=False)


async def import_file(parts: Parts, path: Path) -> Tally:
    """Enter every good row and tell the others."""
    tally = Tally()
    with path.open("rb") as file, progress("Importing", os.fstat(file.fileno()).st_size) as advance:
        batch: list[Line] = []
        told = 0
        for number, row in _rows(file):
            read = _read(parts, row)
            if isinstance(read, str):
                tally.bad.append((number, read))
            else:
                batch.append(read)
            if len(batch) >= AT_ONCE:
                await _enter(parts, batch, tally)
                batch = []
                advance(file.tell() - told)
                told = file.tell()
        await _enter(parts, batch, tally)
    return tally


def _rows(file: IO[bytes]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Read line by line; commas or semicolons, with or without a byte order mark."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        header = text.readline()
        delimiter = ";" if header.count(";") > header.count(",") else ","
        names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
        _check_header(names)
        reader = csv.reader(text, delimiter=delimiter)
        for row in reader:
            if row:
                yield reader.line_num + 1, _named(names, row)
    except UnicodeDecodeError:
        raise Unusable("The file is not UTF-8. Save it as “CSV UTF-8” and import it again.") from None
    except csv.Error as error:
        raise Unusable(f"The file is no CSV that can be read: {error}.") from None
    finally:
        text.detach()


def _check_header(names: Sequence[str]) -> None:
    missing = [name for name in WANTED if name not in names]
    if missing:
        raise Unusable(f"The first line must name the columns; {', '.join(missing)} is missing there.")
    unknown = [name for name in names if name not in KNOWN]
    if unknown:
        raise Unusable(f"There is no column {unknown[0]!r}; known are {', '.join(sorted(KNOWN))}.")
    if not {"password_hash", "password"} & set(names):
        raise Unusable("A column password_hash (or password) is missing in the first line.")


def _named(names: Sequence[str], row: Sequence[str]) -> Mapping[str, str]:
    values = dict(zip(names, row, strict=False))
    return values if len(row) == len(names) else {**values, "": f"it has {len(row)} fields instead of {len(names)}"}


def _read(parts: Parts, row: Mapping[str, str]) -> Line | str:
    """A row as an account to be, or what is wrong with it; the reason quotes nothing that identifies."""
    if "" in row:
        return row[""]
    email, name = row["email"].strip(), row["name"].strip()
    local, _, domain = email.rpartition("@")
    if not local or "." not in domain or any(character.isspace() for character in email) or len(email) > 254:
        return "the e-mail address is not one"
    if not name or len(name) > 200 or not name.isprintable():
        return "the name is missing, too long, or has control characters"
    return _with_number(parts, row, email, name)


def _with_number(parts: Parts, row: Mapping[str, str], email: str, name: str) -> Line | str:
    locale = row.get("locale", "").strip() or parts.settings.locales[0]
    if locale not in parts.settings.locales:
        return f"there are no texts in {locale[:8]!r}"
    numbers, phone = parts.settings.numbers, row.get("phone", "").strip()
    number = read_number(phone, numbers.default_country, numbers) if phone else None
    if number is not None and not isinstance(number, PhoneNumber):
        return f"the phone number can't be used ({number.value.removeprefix('number_').replace('_', ' ')})"
    hashed, password = row.get("password_hash", "").strip(), row.get("password", "")
    if hashed and not is_supported(hashed):
        return "the password hash is of no kind that can be verified"
    if not hashed and not password:
        return "there is neither a password hash nor a password"
    return Line(Newcomer(EmailAddress(email), name, locale, number, hashed), "" if hashed else password)


async def _enter(parts: Parts, batch: Sequence[Line], tally: Tally) -> None:
    if not batch:
        return
    newcomers = [await _hashed(parts, line) for line in batch]
    added = await enter_accounts(parts.register, parts.clock, parts.keys, newcomers=newcomers)
    tally.entered += sum(added)
    tally.already_there += len(added) - sum(added)
    await asyncio.sleep(0)


async def _hashed(parts: Parts, line: Line) -> Newcomer:
    if not line.password:
        return line.newcomer
    one = line.newcomer
    return Newcomer(one.email, one.name, one.locale, one.number, await parts.passwords.hash(line.password))
