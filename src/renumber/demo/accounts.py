"""The two accounts of the demonstration, the phones of their owners, and the company that one of them works for.

The numbers are of the range that the German regulator keeps for films, so no text could ever reach anyone.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from renumber.domain.phone_number import PhoneNumber


class Role(StrEnum):
    """The role of a phone in the demonstration."""

    OLD = "old"
    LOST = "lost"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that the page shows from the start."""

    number: PhoneNumber
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account and its owner; the number of the first phone is bound to the account."""

    key: str
    first_name: str
    name: str
    email: str
    password: str = field(repr=False)
    phones: tuple[Phone, ...]
    company: str = ""

    @property
    def number(self) -> PhoneNumber:
        """The number that the account starts with."""
        return self.phones[0].number

    @property
    def new_number(self) -> PhoneNumber:
        """The number to change to."""
        return self.phones[-1].number


COMPANY = "Nordwind GmbH"
ANNA = DemoAccount(
    key="anna",
    first_name="Anna",
    name="Anna Muster",
    email="anna@example.com",
    password="harbour-lantern-42",  # noqa: S106 - the page shows it
    phones=(Phone(PhoneNumber("+491713920001"), Role.OLD), Phone(PhoneNumber("+491713920012"), Role.NEW)),
)
JONAS = DemoAccount(
    key="jonas",
    first_name="Jonas",
    name="Jonas Beispiel",
    email="jonas@example.com",
    password="pebble-orchard-17",  # noqa: S106 - the page shows it
    phones=(Phone(PhoneNumber("+491713920023"), Role.LOST), Phone(PhoneNumber("+491713920034"), Role.NEW)),
    company=COMPANY,
)
ACCOUNTS = (ANNA, JONAS)
