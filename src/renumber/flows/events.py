"""From facts to the events that others hear of: ids and times, and numbers where an operator lets them have those."""

from collections.abc import Sequence
from datetime import datetime

from renumber.domain.account import is_nobody
from renumber.domain.facts import Fact
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.circumstances import Circumstances
from renumber.flows.ports.services import JoinsSource
from renumber.policies.cooling_off import held_until
from renumber.policies.events.hearing import is_heard, is_heard_with_numbers
from renumber.policies.events.types import (
    BEGIN_A_HOLD,
    EVENTS,
    OF_A_CHANGE,
    OF_A_FACTOR,
    Event,
    EventType,
    Made,
    written,
)


def events_of_operator(
    fact: Fact, account_id: str, at: datetime, *, joins: JoinsSource, number: PhoneNumber | None = None
) -> list[Event]:
    """Tell who has joined of an act on an account that isn't there yet, or is no longer there."""
    told = joins.current()
    heard = [made.type for made in EVENTS[fact] if is_heard(told, made.type)]
    numbers = {type_: _numbers(number) if is_heard_with_numbers(told, type_) else {} for type_ in heard}
    return [Event(account_id=account_id, type=type_, at=at, data={}, numbers=numbers[type_]) for type_ in heard]


def events_of(about: Circumstances, facts: Sequence[Fact]) -> list[Event]:
    """Make the events of these facts that anybody hears of; an account that is nobody's has none."""
    if not facts or is_nobody(about.account.account_id):
        return []
    joins = about.services.joins.current()
    made = [one for fact in facts for one in EVENTS[fact] if is_heard(joins, one.type)]
    return [event for event in (_event(about, one) for one in made) if event]


def _event(about: Circumstances, made: Made) -> Event | None:
    """The event, or none where no hold began: one ends only after a time, and is told of then."""
    hold_until = held_until(about.account, about.now, about.limits.hold_for)
    at = hold_until if made.type is EventType.HOLD_ENDED else about.now
    if at is None:
        return None
    joins, account = about.services.joins.current(), about.account
    former = about.number if made.type in OF_A_CHANGE else None
    return Event(
        account_id=account.account_id,
        type=made.type,
        at=at,
        data=_data(about, made, hold_until),
        numbers=_numbers(account.number, former) if is_heard_with_numbers(joins, made.type) else {},
    )


def _data(about: Circumstances, made: Made, hold_until: datetime | None) -> dict[str, str | bool]:
    named = {
        "change_id": about.subject if made.type in OF_A_CHANGE else "",
        "session_id": about.subject if made.type is EventType.SESSION_ENDED else "",
        "factor": about.extra.get("factor", "") if made.type in OF_A_FACTOR else "",
        "reason": made.reason,
        "hold_until": written(hold_until) if hold_until and made.type in BEGIN_A_HOLD else "",
    }
    return {name: value for name, value in named.items() if value}


def _numbers(present: PhoneNumber | None, former: PhoneNumber | None = None) -> dict[str, str]:
    numbers = {"phone_number": present, "former_phone_number": former}
    return {name: number.e164 for name, number in numbers.items() if number}


def events_of_end(about: Circumstances, *, keeping: str | None) -> list[Event]:
    """Make the event of an end of all sessions but one, if anybody hears of it."""
    ended, account_id = EventType.SESSION_ENDED, about.account.account_id
    if is_nobody(account_id) or not is_heard(about.services.joins.current(), ended):
        return []
    kept: dict[str, str | bool] = {"except_session_id": keeping} if keeping else {}
    return [Event(account_id=account_id, type=ended, at=about.now, data={"all": True, **kept})]
