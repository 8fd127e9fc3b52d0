"""Who hears of an event: nothing is written that nobody hears."""

from renumber.policies.events.signals import SIGNALLED
from renumber.policies.events.types import WITH_NUMBERS, EventType
from renumber.policies.joins import Joins, Scope


def is_heard(joins: Joins, event_type: EventType) -> bool:
    """True if anybody hears of such events: otherwise none is written.

    A key that may make a stream counts as hearing: whether it has made one is known to the database alone.
    """
    pulled = any(Scope.EVENTS in key.scopes for key in joins.api_keys)
    streamed = event_type in SIGNALLED and bool(joins.receivers)
    return pulled or streamed or any(webhook.hears(event_type) for webhook in joins.webhooks)


def is_heard_with_numbers(joins: Joins, event_type: EventType) -> bool:
    """True if a webhook hears of such events with the numbers: otherwise they are not even kept."""
    return event_type in WITH_NUMBERS and any(
        webhook.include_number and webhook.hears(event_type) for webhook in joins.webhooks
    )
