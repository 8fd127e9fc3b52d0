"""From a refusal to a status and a sentence."""

from datetime import datetime, timedelta

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.policies.numbers import example_number
from renumber.web.access import NO_FORM, Form
from renumber.web.exchange import Exchange, SessionExchange
from renumber.web.formats.country_names import country_name
from renumber.web.forms.returned_forms import Returned
from renumber.web.refusal_texts import Circumstances, field_of, refusal_text, says_when
from renumber.web.templating import Problem

STATUS: dict[Refusal, int] = {
    Refusal.TOO_MANY_SIGN_INS: 429,
    Refusal.TOO_MANY_WRONG_CODES: 429,
    Refusal.SEND_TOO_SOON: 429,
    Refusal.SEND_LIMIT_REACHED: 429,
    Refusal.FACTOR_SUSPENDED: 403,
    Refusal.REPORTED_LOST: 403,
    Refusal.FACTOR_DISABLED: 403,
    Refusal.RELEASE_PAUSED: 403,
    Refusal.FACTOR_HELD: 403,
    Refusal.FACTOR_UNKNOWN: 404,
    Refusal.LAST_FACTOR: 409,
    Refusal.OTHERS_TOO_NEW: 409,
    Refusal.FACTOR_TOO_NEW: 403,
    Refusal.PASSKEY_KNOWN: 409,
    Refusal.PASSKEY_UNKNOWN: 404,
    Refusal.TOO_MANY_PASSKEYS: 409,
    Refusal.ONLY_WAY_IN: 409,
    Refusal.METHOD_NOT_OFFERED: 403,
    Refusal.CODES_SHOWN: 409,
    Refusal.ACCOUNT_FROZEN: 403,
    Refusal.NEEDS_SECOND_FACTOR: 403,
    Refusal.NEEDS_ANOTHER_FACTOR: 403,
    Refusal.NEEDS_ASKING_BROWSER: 403,
    Refusal.NEEDS_FRESH_AUTHENTICATION: 403,
    Refusal.NEEDS_OLDER_FACTOR: 403,
    Refusal.SESSION_UNKNOWN: 404,
    Refusal.LINK_UNKNOWN: 404,
    Refusal.LINK_EXPIRED: 410,
    Refusal.LINK_USED: 410,
    Refusal.LINK_REPLACED: 410,
    Refusal.LINK_CANCELLED: 410,
    Refusal.LINK_STOPPED: 410,
    Refusal.NOTHING_TO_STOP: 410,
    Refusal.CHANNEL_LEFT: 410,
    Refusal.NOT_CONFIRMED: 422,
    Refusal.PROMPT_UNKNOWN: 404,
    Refusal.PROMPT_ANSWERED: 409,
    Refusal.PROMPT_EXPIRED: 410,
    Refusal.PROMPT_REPLACED: 410,
    Refusal.PROMPT_NOT_APPROVED: 409,
    Refusal.DEVICE_UNKNOWN: 404,
    Refusal.DEVICE_NOT_CONFIRMED: 403,
    Refusal.ANOTHER_DEVICE_WAITS: 409,
    Refusal.TOO_MANY_DEVICES: 409,
    Refusal.CHANGE_ALREADY_OPEN: 409,
    Refusal.NO_OPEN_CHANGE: 409,
    Refusal.NOT_NOW: 409,
    Refusal.NOT_STAFF: 404,
    Refusal.NOT_YOUR_ROLE: 403,
    Refusal.OWN_ACCOUNT: 403,
    Refusal.STAFF_ACCOUNT: 403,
    Refusal.NEEDS_SECOND_PERSON: 403,
    Refusal.ROLE_OF_PROVIDER: 409,
    Refusal.NO_GROUP_WITH_ROLE: 403,
    Refusal.STAFF_BLOCKED: 403,
    Refusal.STAFF_ADDRESS_TAKEN: 409,
    Refusal.PROVIDER_AWAY: 503,
    Refusal.PROVIDER_DECLINED: 403,
    Refusal.PROVIDER_SIGN_IN_STALE: 403,
    Refusal.PROVIDER_ANSWER_WRONG: 403,
    Refusal.PROVIDER_FACTOR_MISSING: 403,
    Refusal.PROVIDER_ADDRESS_MISSING: 403,
    Refusal.TOO_MANY_LOOKS: 429,
    Refusal.NOTHING_TO_LIFT: 409,
    Refusal.NO_SESSIONS: 409,
    Refusal.CASE_ALREADY_OPEN: 409,
    Refusal.CASE_CLOSED: 409,
    Refusal.CASE_EXPIRED: 410,
    Refusal.NOT_YOUR_COMPANY: 404,
    Refusal.COMPANY_ANSWERED: 409,
    Refusal.ORGANISATION_EXISTS: 409,
    Refusal.CHECK_UNKNOWN: 404,
    Refusal.CHECK_OVER: 410,
    Refusal.CHECK_SENT_ENOUGH: 429,
    Refusal.TOO_MANY_CHECKS: 429,
    Refusal.TOO_MANY_CHECK_NUMBERS: 429,
}


def status_of(refusal: Refusal | None) -> int:
    """Give the HTTP status of a page that words this refusal."""
    return STATUS.get(refusal, 422) if refusal else 200


def problem_of(
    exchange: Exchange,
    refusal: Refusal | None,
    *,
    tries_left: int | None = None,
    open_at: datetime | None = None,
    country: str = "",
    has_other: bool = True,
    counted: timedelta = timedelta(0),
) -> Problem | None:
    """Word a refusal beside the field that it belongs to; a wait as short as `counted` is told by the page's button."""
    if refusal is None:
        return None
    exchange.served.refusal = refusal
    if refusal is Refusal.FACTOR_HELD and isinstance(exchange, SessionExchange):
        open_at = exchange.visit.held_until
    if status_of(refusal) == 429:
        exchange.retry_at = open_at
    limits = exchange.services.rules.limits
    about = Circumstances(
        now=exchange.now,
        zone=exchange.request.zone,
        language=exchange.language,
        tries_left=tries_left,
        open_at=None if open_at and open_at - exchange.now < counted else open_at,
        country=country_name(country, exchange.language) if country else "",
        example=example_number(country) if country else "",
        has_other=has_other,
        least=limits.password_min,
        most=limits.password_max,
    )
    translations = exchange.site.templates.translations[exchange.language]
    text, is_told = refusal_text(refusal, translations, about), says_when(refusal, about)
    return Problem(text=text, field=field_of(refusal), open_at=open_at, says_when=is_told)


def send_back(
    exchange: Exchange,
    path: str,
    refusal: Refusal | None,
    *,
    problem: Problem | None = None,
    typed: Form = NO_FORM,
) -> ASGIResponse:
    """Send a refused form back to the page that it belongs to, which says why, once, and keeps what was typed.

    `problem` words the refusal where more is known of it than its name; nothing secret belongs into `typed`.
    """
    said = problem or problem_of(exchange, refusal)
    return exchange.send_back(path, Returned(refusal=refusal, problem=said, typed=typed), status_of(refusal))


def send_back_incomplete(exchange: Exchange, path: str, *lacks: str, typed: Form = NO_FORM) -> ASGIResponse:
    """Send back a form of which nothing was checked, since these fields lack something; the page says what."""
    return exchange.send_back(path, Returned(lacks=lacks, typed=typed), 422)
