"""The shape of each event, as JSON Schema (2020-12): what receivers may rely on."""

from renumber.domain.factor import AUTHENTICATORS
from renumber.policies.events.types import (
    BEGIN_A_HOLD,
    EVENTS,
    OF_A_CHANGE,
    OF_A_FACTOR,
    WITH_NUMBERS,
    EventType,
)

Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MEANING: dict[EventType, str] = {
    EventType.PHONE_CHANGE_WAITING: "A change of the number waits until the person's company confirms it.",
    EventType.PHONE_CHANGE_REQUESTED: "A change of the number was asked for; the number is still bound.",
    EventType.PHONE_CHANGE_CANCELLED: "A change was taken back, refused by the company, or stopped by a freeze.",
    EventType.PHONE_CHANGE_EXPIRED: "A change ran out: its link was not used in time.",
    EventType.PHONE_NUMBER_RESET: "The number was taken off the account, and all sessions have ended.",
    EventType.PHONE_NUMBER_CHANGED: "A number was proven and is bound now; payments should wait until `hold_until`.",
    EventType.HOLD_ENDED: "The account no longer counts as changed recently.",
    EventType.FACTOR_ADDED: "A method of confirmation was added.",
    EventType.FACTOR_REMOVED: "A method of confirmation was removed, or one of several of its kind.",
    EventType.FACTOR_SUSPENDED: "A method takes no proof: for now, or until it is set up anew.",
    EventType.SESSION_ENDED: "One session has ended, or all but perhaps one.",
    EventType.ACCOUNT_CREATED: "An account was created.",
    EventType.ACCOUNT_FROZEN: "The account was frozen: nobody signs in, and all sessions have ended.",
    EventType.ACCOUNT_RELEASED: "The frozen account was released; the number may be another than before.",
    EventType.ACCOUNT_ERASED: "The account was erased: forget what you keep of it.",
}
_ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_TIME: Schema = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
_NUMBER: Schema = {"type": "string", "pattern": r"^\+[1-9]\d{1,14}$", "description": "E.164; only where opted in."}
_TRUE: Schema = {"const": True, "description": "All sessions have ended, but for `except_session_id`."}


def schema_of(type_: EventType) -> Schema:
    """Write the schema of an event, as its receivers see it."""
    needed, perhaps = _data(type_)
    data = {
        "type": "object",
        "properties": {**needed, **perhaps},
        "required": list(needed),
        "additionalProperties": False,
        **(
            {"oneOf": [{"required": ["session_id"]}, {"required": ["all"]}]} if type_ is EventType.SESSION_ENDED else {}
        ),
    }
    return {
        "$schema": DIALECT,
        "title": type_.value,
        "description": MEANING[type_],
        "type": "object",
        "properties": {"type": {"const": type_.value}, "timestamp": _TIME, "data": data},
        "required": ["type", "timestamp", "data"],
        "additionalProperties": False,
    }


def _data(type_: EventType) -> tuple[Schema, Schema]:
    """Give the fields of the data that are always there, and those that may be."""
    needed: Schema = {"account_id": _ID}
    perhaps: Schema = {}
    if type_ in OF_A_CHANGE:
        needed["change_id"] = _ID
    if type_ in OF_A_FACTOR:
        needed["factor"] = {"enum": sorted(AUTHENTICATORS)}
    if reasons := sorted({made.reason for all_ in EVENTS.values() for made in all_ if made.type is type_} - {""}):
        needed["reason"] = {"enum": reasons}
    if type_ in BEGIN_A_HOLD:
        perhaps["hold_until"] = _TIME
    if type_ is EventType.SESSION_ENDED:
        perhaps |= {"session_id": _ID, "all": _TRUE, "except_session_id": _ID}
    if type_ in WITH_NUMBERS:
        perhaps["phone_number"] = _NUMBER
    if type_ in WITH_NUMBERS & OF_A_CHANGE:
        perhaps["former_phone_number"] = _NUMBER
    return needed, perhaps
