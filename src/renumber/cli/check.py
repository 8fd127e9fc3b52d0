"""One line of `renumber doctor`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what is wrong with it if anything is, and what is worth knowing."""

    about: str
    wrong: str = ""
    note: str = ""
