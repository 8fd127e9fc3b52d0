"""The two people of the demonstration and their phones.

The numbers are of the range that the German regulator keeps for films, so no text could ever reach anyone.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from renumber.domain.phone_number import PhoneNumber


class Role(StrEnum):
    """What became of a phone."""

    OLD = "old"
    LOST = "lost"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that is on the table from the start."""

    number: PhoneNumber
    role: Role


@dataclass(frozen=True, slots=True)
class Person:
    """An account holder; the first phone is the one that is bound to the account."""

    key: str
    first_name: str
    name: str
    email: str
    password: str = field(repr=False)
    phones: tuple[Phone, ...]

    @property
    def number(self) -> PhoneNumber:
        """The number that the account starts with."""
        return self.phones[0].number

    @property
    def new_number(self) -> PhoneNumber:
        """The number to change to."""
        return self.phones[-1].number


ANNA = Person(
    "anna",
    "Anna",
    "Anna Muster",
    "anna@example.com",
    "harbour-lantern-42",
    (Phone(PhoneNumber("+491713920001"), Role.OLD), Phone(PhoneNumber("+491713920012"), Role.NEW)),
)
JONAS = Person(
    "jonas",
    "Jonas",
    "Jonas Beispiel",
    "jonas@example.com",
    "pebble-orchard-17",
    (Phone(PhoneNumber("+491713920023"), Role.LOST), Phone(PhoneNumber("+491713920034"), Role.NEW)),
)
PEOPLE = (ANNA, JONAS)
