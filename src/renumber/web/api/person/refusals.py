"""The problem that each refusal of a flow is told as."""

import math
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from renumber.domain.outcomes import Refusal, Step
from renumber.web.api.operations.problems import PROBLEMS, Code, Problem
from renumber.web.api.person.call import PersonCall
from renumber.web.api.person.insufficient import flow, insufficient, not_signed_in
from renumber.web.refusal_texts import Circumstances, refusal_text

INSUFFICIENT = frozenset({Refusal.NEEDS_FRESH_AUTHENTICATION, Refusal.NEEDS_SECOND_FACTOR})
OVER = frozenset({Refusal.SESSION_UNKNOWN, Refusal.SIGN_IN_EXPIRED, Refusal.ACCOUNT_FROZEN})
CODES: Mapping[Refusal, Code] = {
    Refusal.NEEDS_OLDER_FACTOR: Code.OLDER_FACTOR_NEEDED,
    Refusal.NEEDS_ANOTHER_FACTOR: Code.ANOTHER_FACTOR_NEEDED,
    Refusal.FACTOR_HELD: Code.FACTOR_HELD,
    Refusal.FACTOR_SUSPENDED: Code.FACTOR_SUSPENDED,
    Refusal.FACTOR_DISABLED: Code.FACTOR_SUSPENDED,
    Refusal.FACTOR_UNKNOWN: Code.FACTOR_UNKNOWN,
    Refusal.PASSKEY_UNKNOWN: Code.FACTOR_UNKNOWN,
    Refusal.DEVICE_UNKNOWN: Code.FACTOR_UNKNOWN,
    Refusal.LAST_FACTOR: Code.LAST_FACTOR,
    Refusal.OTHERS_TOO_NEW: Code.OTHERS_TOO_NEW,
    Refusal.NO_NUMBER: Code.NO_NUMBER,
    Refusal.CHANGE_ALREADY_OPEN: Code.CHANGE_ALREADY_OPEN,
    Refusal.NO_OPEN_CHANGE: Code.NO_OPEN_CHANGE,
    Refusal.SEND_TOO_SOON: Code.SENT_TOO_OFTEN,
    Refusal.SEND_LIMIT_REACHED: Code.SENT_TOO_OFTEN,
    Refusal.TOO_MANY_WRONG_CODES: Code.CODE_OVER,
    Refusal.CODE_EXPIRED: Code.CODE_OVER,
    Refusal.CODE_EXPIRED_NEW_ONE_SENT: Code.CODE_OVER,
    Refusal.NO_CODE: Code.CODE_OVER,
    Refusal.WRONG_CODE: Code.CODE_WRONG,
    Refusal.WRONG_CODE_WARNED: Code.CODE_WRONG,
    Refusal.NUMBER_IS_OLD: Code.NUMBER_IS_OLD,
}
PAGES = {
    Code.OLDER_FACTOR_NEEDED: ("wait", "/profile/wait"),
    Code.ANOTHER_FACTOR_NEEDED: ("manage_factors", "/profile"),
    Code.LAST_FACTOR: ("manage_factors", "/profile"),
    Code.FACTOR_SUSPENDED: ("enter_number", "/sign-in/number/code"),
    Code.NO_NUMBER: ("enter_number", "/profile"),
}


def refused(call: PersonCall, step: Step[object]) -> Problem:
    """Tell a refusal: with a sentence for the person, and with the pages that help."""
    refusal = step.refusal or Refusal.NOT_NOW
    call.api.request.served.refusal = refusal
    if refusal in OVER:
        return not_signed_in(call.api)
    detail = _sentence(call, refusal, step)
    if refusal in INSUFFICIENT:
        return insufficient(call.api, call.operation, detail=detail)
    code = _code(refusal)
    more = {**_numbers(call, code, step), **_flows(call, code)}
    return Problem(code=code, detail=detail, more=more, headers=_headers(call, code, step))


def _code(refusal: Refusal) -> Code:
    is_of_number = refusal.value.startswith("number_") or refusal is Refusal.CALLING_CODE_UNKNOWN
    return CODES.get(refusal, Code.NUMBER_NOT_TAKEN if is_of_number else Code.NOT_NOW)


def _sentence(call: PersonCall, refusal: Refusal, step: Step[object]) -> str:
    site, language = call.api.site, call.language
    about = Circumstances(
        now=call.services.clock.now(),
        zone=ZoneInfo(call.client.time_zone),
        language=language,
        tries_left=step.tries_left,
        open_at=step.open_at,
    )
    return refusal_text(refusal, site.templates.translations[language], about)


def _numbers(call: PersonCall, code: Code, step: Step[object]) -> dict[str, object]:
    held = call.visit.held_until if call.visit and code is Code.FACTOR_HELD else None
    open_at = step.open_at or held
    tries = {} if step.tries_left is None else {"tries_left": step.tries_left}
    return {**tries, **({"open_at": open_at.isoformat()} if open_at else {})}


def _flows(call: PersonCall, code: Code) -> dict[str, object]:
    helping = PAGES.get(code)
    return {"flows": [flow(call.api, *helping)]} if helping else {}


def _headers(call: PersonCall, code: Code, step: Step[object]) -> tuple[tuple[str, str], ...]:
    if PROBLEMS[code].status != 429:
        return ()
    wait = (step.open_at - call.services.clock.now()).total_seconds() if step.open_at else 1
    return (("retry-after", str(max(1, math.ceil(wait)))),)
