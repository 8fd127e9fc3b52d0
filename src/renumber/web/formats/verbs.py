"""The verbs of the acts that are asked about once more: the page that asks has a button with the act's own."""

from enum import StrEnum
from urllib.parse import urlencode


class Verb(StrEnum):
    """An act that a person was about to do."""

    CONFIRM = "confirm"
    ADD = "add"
    REMOVE = "remove"
    RENAME = "rename"
    SUSPEND = "suspend"
    OPEN = "open"


def verb_of(asked: str) -> Verb:
    """Read a verb from an address, which anybody can have written."""
    return Verb(asked) if asked in list(Verb) else Verb.CONFIRM


def reauthentication_path(onward: str, verb: Verb = Verb.CONFIRM) -> str:
    """The address of the page that asks, and leads on to where the person was."""
    asked = {"next": onward} if verb is Verb.CONFIRM else {"next": onward, "verb": verb.value}
    return f"/reauthenticate?{urlencode(asked, safe='/')}"
