"""One line per request: what it was, how it ended, what it cost, whom it concerned."""

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import structlog

from renumber.domain.account import NOBODY
from renumber.domain.actor import Actor
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal
from renumber.flows.ports.store import AuditEntry
from renumber.observability.meter import Meter
from renumber.store.database.open import COUNT, StoreUnavailable, counting
from tests.observability.conftest import Log
from tests.observability.requests import ACCOUNT, ARequest
from tests.observability.secrets import NUMBER

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def meter() -> Meter:
    """A meter of a service on which nothing waits."""

    async def nothing() -> None:
        return None

    return Meter(counting=counting, waiting=lambda: 0, backlog=nothing)


def an_entry(act: str) -> AuditEntry:
    return AuditEntry(NOON, Actor.OWNER, act, "subject", "password", browser="Firefox on Windows", ip="203.0.113.7")


@contextmanager
def failing(request: ARequest, text: str):
    """Note a fault as the web does."""
    try:
        raise StoreUnavailable(text)
    except StoreUnavailable as error:
        request.fault = error
    yield


def test_a_request_is_told_in_one_line(meter: Meter, logged: Log) -> None:
    with meter.serve(ARequest(method="POST", route="/freeze/{token}", status=303, account_id=ACCOUNT)):
        COUNT.get().statements += 3
        COUNT.get().commits += 1

    (line,) = logged.lines
    del line["timestamp"]
    assert line == {
        "level": "info",
        "event": "request",
        "request_id": "0123456789ab",
        "method": "POST",
        "route": "/freeze/{token}",
        "status": 303,
        "elapsed_ms": 12.3,
        "statements": 3,
        "commits": 1,
        "account_id": ACCOUNT,
    }


LEVELS = {
    200: "info",
    303: "info",
    404: "info",
    422: "info",
    499: "info",
    429: "warning",
    503: "warning",
    500: "error",
}


@pytest.mark.parametrize(("status", "level"), LEVELS.items())
def test_only_our_own_faults_are_errors(status: int, level: str, meter: Meter, logged: Log) -> None:
    with meter.serve(ARequest(status=status)):
        pass

    assert logged.lines[0]["level"] == level


def test_what_was_committed_meanwhile_is_told_with_its_account(meter: Meter, logged: Log) -> None:
    with meter.serve(ARequest()):
        meter.concluded(ACCOUNT, [an_entry(Fact.CODE_PROVEN), an_entry(f"refused:{Refusal.WRONG_CREDENTIALS}")])

    (line,) = logged.lines
    assert line["account_id"] == ACCOUNT
    assert line["acts"] == ["code_proven"]
    assert line["refusal"] == "wrong_credentials"


def test_an_address_that_nobody_has_is_told_as_nobodys(meter: Meter, logged: Log) -> None:
    with meter.serve(ARequest()):
        meter.concluded(NOBODY, [an_entry(f"refused:{Refusal.WRONG_CREDENTIALS}")])

    (line,) = logged.lines
    assert "account_id" not in line
    assert line["refusal"] == "wrong_credentials"


def test_a_refusal_that_no_history_has_is_told_too(meter: Meter, logged: Log) -> None:
    with meter.serve(ARequest(refusal=Refusal.NUMBER_TOO_SHORT)):
        pass

    assert logged.lines[0]["refusal"] == "number_too_short"


def test_a_fault_is_told_by_kind_and_place_without_its_text(meter: Meter, logged: Log) -> None:
    request = ARequest(status=503)
    with meter.serve(request), failing(request, f"lost while reading {NUMBER}"):
        pass

    (line,) = logged.lines
    assert NUMBER not in logged.text
    assert line["fault"] == "StoreUnavailable"
    assert line["frames"][-1].startswith("observability/test_request_line.py:")


def test_whatever_is_logged_during_a_request_carries_its_id(meter: Meter, logged: Log) -> None:
    with meter.serve(ARequest()):
        structlog.get_logger().warning("claims_not_released")
    structlog.get_logger().warning("claims_not_released")

    during, line, after = logged.lines
    assert during["request_id"] == line["request_id"] == "0123456789ab"
    assert "request_id" not in after
