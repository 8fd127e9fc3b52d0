"""Our events as signals of CAEP and RISC: decided for every type, with all claims that those ask for."""

from itertools import product

import pytest

from renumber.domain.factor import AUTHENTICATORS
from renumber.policies.events.hearing import is_heard
from renumber.policies.events.signals import (
    CREDENTIALS,
    OF_STREAMS,
    SIGNALS,
    SUPPORTED,
    SecurityEvent,
    SignalType,
    signals_of,
)
from renumber.policies.events.types import BEGIN_A_HOLD, EVENTS, OF_A_FACTOR, Event, EventType
from renumber.policies.joins import ApiKey, Joins, Scope
from tests.flows.world import ORIGIN, START

NEEDED = {  # CAEP 1.0 3, RISC 1.0 2
    SignalType.CREDENTIAL_CHANGE: {"credential_type", "change_type"},
    SignalType.ASSURANCE_LEVEL_CHANGE: {"namespace", "current_level"},
    SignalType.CREDENTIAL_COMPROMISE: {"credential_type"},
}
CHANGES = {"create", "revoke", "update", "delete"}
REASONS = {
    type_: {made.reason for all_ in EVENTS.values() for made in all_ if made.type is type_} for type_ in EventType
}


def every_event() -> list[tuple[EventType, dict[str, str | bool]]]:
    """Each type with each factor and reason that it may have, with and without a hold that it begins."""
    found: list[tuple[EventType, dict[str, str | bool]]] = []
    for type_ in EventType:
        factors = sorted(AUTHENTICATORS) if type_ in OF_A_FACTOR else [""]
        holds = ["", "2026-12-01T00:00:00.000Z"] if type_ in BEGIN_A_HOLD else [""]
        for factor, reason, hold in product(factors, sorted(REASONS[type_]), holds):
            named = {"factor": str(factor), "reason": reason, "hold_until": hold}
            found.append((type_, {name: value for name, value in named.items() if value}))
    return found


def test_for_every_type_of_an_event_it_is_decided_which_signal_it_is_or_why_it_is_none() -> None:
    assert set(SIGNALS) == set(EventType)
    assert all(len(why) > 10 for why in SIGNALS.values() if isinstance(why, str))
    assert {signal.type for type_, data in every_event() for signal in signals_of(type_, data)} == set(SUPPORTED)
    assert set(SUPPORTED) | set(OF_STREAMS) == set(SignalType)


@pytest.mark.parametrize(("type_", "data"), every_event())
def test_a_signal_has_what_its_type_asks_for_and_no_event_makes_one_twice(
    type_: EventType, data: dict[str, str | bool]
) -> None:
    signals = signals_of(type_, data)

    assert len({signal.type for signal in signals}) == len(signals)
    for signal in signals:
        assert NEEDED.get(signal.type, set()) <= signal.claims.keys()
        assert signal.claims.get("change_type", "create") in CHANGES
        assert signal.claims.get("credential_type", "app") in CREDENTIALS.values()


@pytest.mark.parametrize(
    ("data", "subject"),
    [
        ({"all": True}, {"format": "iss_sub", "iss": ORIGIN, "sub": "a" * 32}),
        (
            {"session_id": "b" * 32},
            {
                "format": "complex",
                "user": {"format": "iss_sub", "iss": ORIGIN, "sub": "a" * 32},
                "session": {"format": "opaque", "id": "b" * 32},
            },
        ),
    ],
)
def test_a_token_names_the_session_if_it_is_about_one_and_never_expires(
    data: dict[str, str | bool], subject: dict[str, object]
) -> None:
    event = Event(account_id="a" * 32, type=EventType.SESSION_ENDED, at=START, data=data)
    told = SecurityEvent(
        set_id="c" * 32,
        stream_id="d" * 32,
        type=SignalType.SESSION_REVOKED,
        issued_at=START,
        event_id="e" * 32,
        event=event,
    ).token(ORIGIN, "shop")

    assert told["sub_id"] == subject
    assert told["events"] == {SignalType.SESSION_REVOKED.value: {"event_timestamp": int(START.timestamp())}}
    assert told.keys() == {"iss", "aud", "jti", "iat", "txn", "sub_id", "events"}


@pytest.mark.parametrize("type_", EventType)
def test_a_key_that_may_have_a_stream_hears_what_is_a_signal(type_: EventType) -> None:
    joins = Joins(api_keys=(ApiKey(name="k", key_hash=b"", scopes=frozenset({Scope.SHARED_SIGNALS})),))

    assert is_heard(joins, type_) is not isinstance(SIGNALS[type_], str)
