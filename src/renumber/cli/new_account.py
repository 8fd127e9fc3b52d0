"""The rules for a new account, the same for one at the command line and for a file of many."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from renumber.crypto.passwords import is_supported
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.account.create import Newcomer
from renumber.policies.email_addresses import read_address
from renumber.policies.numbers import read_number
from renumber.policies.passwords import PasswordProblem, judge
from renumber.settings import Settings

MOST_NAME = 200

NUMBER_PROBLEMS = {
    Refusal.NUMBER_MISSING: "it holds no digits",
    Refusal.NUMBER_TOO_SHORT: "digits are missing",
    Refusal.NUMBER_TOO_LONG: "it has too many digits",
    Refusal.NUMBER_NOT_MOBILE: "it is not a mobile number, so it gets no text messages",
    Refusal.NUMBER_COUNTRY_NOT_SERVED: "its country is not served (RENUMBER_ALLOWED_COUNTRIES)",
}
PASSWORD_PROBLEMS = {
    PasswordProblem.TOO_SHORT: "is too short",
    PasswordProblem.TOO_LONG: "is too long",
    PasswordProblem.TOO_COMMON: "is one that is guessed first",
}


class InvalidAccount(ValueError):
    """An account can't be created; the sentence says why and quotes nothing of the person."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to create; a password that came in the clear is hashed before that."""

    newcomer: Newcomer
    password: str = field(repr=False)


def read_new_account(values: Mapping[str, str], settings: Settings) -> NewAccount:
    """Parse email, name, locale, phone, password and password_hash; raises InvalidAccount for the first wrong one."""
    email = read_address(values["email"])
    if email is None:
        raise InvalidAccount("the e-mail address is not one; write it like anna@example.com")
    name = _name(values["name"])
    locale = _locale(values.get("locale", "").strip(), settings)
    number = _number(values.get("phone", "").strip(), settings)
    hashed, password = values.get("password_hash", "").strip(), values.get("password", "")
    _check_hash(hashed) if hashed else _check_password(password, settings, (email.text, name))
    if hashed and password:
        raise InvalidAccount("it has a password and a hash; give one of them")
    newcomer = Newcomer(email=email, name=name, locale=locale, number=number, password_hash=hashed)
    return NewAccount(newcomer, password)


def _name(given: str) -> str:
    name = given.strip()
    if not name:
        raise InvalidAccount("the name is missing")
    if len(name) > MOST_NAME or not name.isprintable():
        raise InvalidAccount(f"the name is longer than {MOST_NAME} characters, or has control characters")
    return name


def _locale(given: str, settings: Settings) -> str:
    if given and given not in settings.locales:
        raise InvalidAccount(f"the locale is not among RENUMBER_LOCALES ({', '.join(settings.locales)})")
    return given or settings.locales[0]


def _number(given: str, settings: Settings) -> PhoneNumber | None:
    if not given:
        return None
    read = read_number(given, settings.numbers.default_country, settings.numbers)
    if isinstance(read, PhoneNumber):
        return read
    problem = NUMBER_PROBLEMS.get(read, "it is not a valid number")
    raise InvalidAccount(f"the phone number can't be used: {problem}; write it like +4915123456789")


def _check_hash(hashed: str) -> None:
    if not is_supported(hashed):
        raise InvalidAccount(
            "the password hash is not one of argon2, bcrypt or PBKDF2 that can be verified at a sane cost"
        )


def _check_password(password: str, settings: Settings, own: tuple[str, ...]) -> None:
    least, most = settings.limits.password_min, settings.limits.password_max
    problem = judge(password, minimum=least, maximum=most, context=(*own, settings.brand))
    if problem:
        raise InvalidAccount(f"the password {PASSWORD_PROBLEMS[problem]}; take one of {least} to {most} characters")
