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


def reauthentication_path(onward: str, verb: Verb = Verb.CONFIRM, *, act: str = "") -> str:
    """The address of the page that asks, and leads on to where the person was.

    `act` is the address of an act that is done once the answer is right, instead of leading on; it has its own verb.
    """
    verbs = {} if act or verb is Verb.CONFIRM else {"verb": verb.value}
    asked = {"next": onward, **verbs, **({"act": act} if act else {})}
    return f"/reauthenticate?{urlencode(asked, safe='/')}"
