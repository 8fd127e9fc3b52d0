"""The rules for a new account, the same for one at the command line and for a file of many."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from renumber.crypto.stored_hashes.reading import read_hash
from renumber.crypto.stored_hashes.stored_hash import HashProblem
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.account.create import Newcomer
from renumber.policies.email_addresses import needs_smtputf8, read_address
from renumber.policies.languages import is_language_tag, spoken
from renumber.policies.number_plans.in_files import Unreadable, read_written_number
from renumber.policies.operator.account_texts import MOST_NAME, read_name
from renumber.policies.passwords import PasswordProblem, judge
from renumber.settings import Settings
from renumber.settings.parsing import truth

WAYS = "write it like +4915123456789, or name its country in a column or option of its own"
NUMBER_PROBLEMS = {
    Unreadable.OTHER_SIGNS: f"it holds other signs than a plus, digits, spaces and dashes; {WAYS}",
    Unreadable.NO_PLUS: f"without its plus it could be a number of several countries; {WAYS}",
    Unreadable.OTHER_DIGITS: "some of its digits are dialled only at home, like the 0 of +49 (0)151; leave them out",
    Unreadable.COUNTRY_UNKNOWN: "its country is no code of ISO 3166 with two letters, like DE or US",
    Unreadable.OTHER_COUNTRY: "it is not a number of the country beside it; one of the two is wrong",
    Unreadable.TWO_WAYS: "it can be read in two ways, with and without a country code; write it like +4915123456789",
    Refusal.NUMBER_MISSING: "it holds no digits",
    Refusal.NUMBER_TOO_SHORT: "digits are missing",
    Refusal.NUMBER_TOO_LONG: "it has too many digits",
    Refusal.NUMBER_NOT_MOBILE: "it is not a mobile number, so it gets no text messages",
    Refusal.NUMBER_NOT_VALID: f"it is not a valid number; {WAYS}",
    Refusal.NUMBER_COUNTRY_NOT_SERVED: "its country is not served (RENUMBER_ALLOWED_COUNTRIES)",
}
PASSWORD_PROBLEMS = {
    PasswordProblem.TOO_SHORT: "is too short",
    PasswordProblem.TOO_LONG: "is too long",
    PasswordProblem.TOO_COMMON: "is one that is guessed first",
}
YES_OF_SPREADSHEETS = {"wahr", "ja", "vrai", "oui", "verdadero", "sí", "si", "y", "j", "t"}
NO_OF_SPREADSHEETS = {"falsch", "nein", "faux", "non", "falso", "n", "f"}
WITHOUT_SMTPUTF8 = "if your mail server has SMTPUTF8, add smtputf8=yes to RENUMBER_SMTP_URL"
LEFT_EMPTY = "leave it empty, and the owner is sent a link to choose a password"
HASH_PROBLEMS = {
    HashProblem.UNKNOWN: f"is of none of the kinds that can be verified (docs/operating.md lists them); {LEFT_EMPTY}",
    HashProblem.DAMAGED: "is cut short, or has parameters that its kind doesn't know; export it again",
    HashProblem.TOO_COSTLY: f"would take too long or too much memory to verify; {LEFT_EMPTY}",
    HashProblem.FAST_DIGEST: f"is a quick digest (MD5, SHA-1, SHA-2), from which passwords are guessed; {LEFT_EMPTY}",
}


NO_ORGANISATIONS: Mapping[str, str] = MappingProxyType({})


class InvalidAccount(ValueError):
    """An account can't be created; the sentence says why and quotes nothing of the person."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to create; a password that came in the clear is hashed before that.

    Where the operator knows no password, the owner chooses it by a link.
    """

    newcomer: Newcomer
    password: str = field(repr=False)
    unspoken: str = ""  # the language that was asked for and that nobody offers


def read_new_account(
    values: Mapping[str, str], settings: Settings, organisations: Mapping[str, str] = NO_ORGANISATIONS
) -> NewAccount:
    """Parse the columns of an account (cli/csv_file.py lists them); raises InvalidAccount for the first wrong one.

    `organisations` are the ids of the companies by their names.
    """
    email = read_address(values["email"])
    if email is None:
        raise InvalidAccount("the e-mail address is not one; write it like anna@example.com")
    if needs_smtputf8(email) and not (settings.smtp_url and settings.smtp_url.smtputf8):
        raise InvalidAccount(f"the e-mail address has letters beyond ASCII before its @; {WITHOUT_SMTPUTF8}")
    name = _name(values["name"])
    locale, unspoken = _locale(values.get("locale", "").strip(), settings.locales)
    number = _number(values.get("phone", "").strip(), values.get("country", "").strip(), settings)
    verified = _verified(values.get("verified", "").strip())
    organisation_id = _organisation(values.get("organisation", "").strip(), organisations)
    hashed, password = values.get("password_hash", "").strip(), values.get("password", "")
    if hashed and password:
        raise InvalidAccount("it has a password and a hash; give one of them")
    if hashed:
        _check_hash(hashed)
    elif password:
        _check_password(password, settings, (email.text, name))
    newcomer = Newcomer(
        email=email,
        name=name,
        locale=locale,
        number=number,
        password_hash=hashed,
        number_is_verified=verified,
        organisation_id=organisation_id,
    )
    return NewAccount(newcomer, password, unspoken)


def _name(given: str) -> str:
    if not given.strip():
        raise InvalidAccount("the name is missing")
    name = read_name(given)
    if name is None:
        raise InvalidAccount(f"the name is longer than {MOST_NAME} characters, or has control characters")
    return name


def _locale(given: str, offered: tuple[str, ...]) -> tuple[str, str]:
    """Find the language to write in, and name the wanted one where it is not offered."""
    if not given:
        return offered[0], ""
    if not is_language_tag(given):
        raise InvalidAccount("the locale is none; write it like de or de-DE, or leave it empty")
    found = spoken(given, offered)
    return found or offered[0], "" if found else given


def _number(given: str, country: str, settings: Settings) -> PhoneNumber | None:
    """Read a number as it is written; RENUMBER_DEFAULT_COUNTRY is for people, who see what was made of theirs."""
    if not given:
        return None
    read = read_written_number(given, country, settings.numbers)
    if isinstance(read, PhoneNumber):
        return read
    raise InvalidAccount(f"the phone number can't be used: {NUMBER_PROBLEMS[read]}")


def _verified(given: str) -> bool:
    word = given.lower() or "no"
    try:
        return word in YES_OF_SPREADSHEETS or (word not in NO_OF_SPREADSHEETS and truth(word))
    except ValueError:
        raise InvalidAccount("the column verified is neither yes nor no") from None


def _organisation(given: str, organisations: Mapping[str, str]) -> str | None:
    """Find the id of a company by its name as it was added: a name that is spelt otherwise is another company's."""
    if given and given not in organisations:
        raise InvalidAccount("the organisation is none that was added; `renumber organisation list` has their names")
    return organisations[given] if given else None


def _check_hash(hashed: str) -> None:
    read = read_hash(hashed)
    if isinstance(read, HashProblem):
        raise InvalidAccount(f"the password hash {HASH_PROBLEMS[read]}")


def _check_password(password: str, settings: Settings, own: tuple[str, ...]) -> None:
    least, most = settings.limits.password_min, settings.limits.password_max
    problem = judge(password, minimum=least, maximum=most, context=(*own, settings.brand))
    if problem:
        raise InvalidAccount(f"the password {PASSWORD_PROBLEMS[problem]}; take one of {least} to {most} characters")
