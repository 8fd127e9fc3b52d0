"""What is counted, and who may read it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from renumber.domain.facts import Fact
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.outcomes import Refusal
from renumber.observability.meter import Meter
from renumber.store.database.open import COUNT, counting
from tests.observability.requests import ACCOUNT, ARequest
from tests.observability.test_request_line import an_entry

TOKEN = "a token of sixteen"


@dataclass
class Waiting:
    """What waits to be sent."""

    waiting: int = 3
    claimed: int = 1
    dead: int = 2
    oldest_for: timedelta = timedelta(seconds=90)


class Service:
    """What a meter looks at: the passwords in the queue, and the messages."""

    def __init__(self) -> None:
        self.passwords = 0
        self.messages: Waiting | None = Waiting()

    def meter(self, token: str = TOKEN) -> Meter:
        """A meter on this service."""
        return Meter(counting=counting, waiting=lambda: self.passwords, backlog=self.backlog, token=token)

    async def backlog(self) -> Waiting | None:
        """What waits, or None while the database is away."""
        return self.messages


@pytest.fixture
def service() -> Service:
    return Service()


async def value(meter: Meter, name: str, **labels: str) -> float | None:
    """One figure of the exposition."""
    body, _ = await meter.exposition()
    samples = [sample for family in text_string_to_metric_families(body.decode()) for sample in family.samples]
    return next((each.value for each in samples if each.name == name and each.labels == labels), None)


async def test_requests_are_counted_by_route_and_class_of_status(service: Service) -> None:
    meter = service.meter()

    for status in (200, 204, 303):
        with meter.serve(ARequest(status=status, elapsed=0.02)):
            COUNT.get().statements += 2
            COUNT.get().commits += 1

    here = {"method": "GET", "route": "/sign-in"}
    assert await value(meter, "renumber_request_seconds_count", **here, status="2xx") == 2
    assert await value(meter, "renumber_request_seconds_bucket", **here, status="2xx", le="0.01") == 0
    assert await value(meter, "renumber_request_seconds_bucket", **here, status="2xx", le="0.025") == 2
    assert await value(meter, "renumber_request_seconds_count", **here, status="3xx") == 1
    assert await value(meter, "renumber_statements_total", **here) == 6
    assert await value(meter, "renumber_commits_total", **here) == 3


async def test_a_method_that_somebody_made_up_makes_no_series_of_its_own(service: Service) -> None:
    meter = service.meter()

    for turn in range(100):
        with meter.serve(ARequest(method=f"X{turn}", route="unmatched", status=405)):
            pass

    counted = await value(meter, "renumber_request_seconds_count", method="other", route="unmatched", status="4xx")
    assert counted == 100


@pytest.mark.parametrize(
    ("act", "name", "labels"),
    [
        (Fact.SIGNED_IN, "renumber_sign_ins_total", {"result": "completed"}),
        (f"refused:{Refusal.WRONG_CREDENTIALS}", "renumber_sign_ins_total", {"result": "wrong_credentials"}),
        (f"refused:{Refusal.WRONG_CODE_WARNED}", "renumber_sign_ins_total", {"result": "wrong_code"}),
        (Fact.CHANGE_REQUESTED, "renumber_phone_changes_total", {"state": "requested"}),
        (Fact.NUMBER_RESET, "renumber_phone_changes_total", {"state": "awaiting_new_number"}),
        (Fact.NUMBER_CHANGED, "renumber_phone_changes_total", {"state": "completed"}),
        (Fact.ACCOUNT_FROZEN, "renumber_acts_total", {"act": "account_frozen"}),
    ],
)
async def test_an_act_is_counted_where_an_operator_looks_for_it(
    act: str, name: str, labels: dict[str, str], service: Service
) -> None:
    meter = service.meter()

    meter.concluded(ACCOUNT, [an_entry(act)])

    assert await value(meter, name, **labels) == 1


async def test_a_sign_in_that_has_to_wait_is_counted_although_no_history_has_it(service: Service) -> None:
    meter = service.meter()

    with meter.serve(ARequest(method="POST", status=429, refusal=Refusal.TOO_MANY_SIGN_INS)):
        pass

    assert await value(meter, "renumber_sign_ins_total", result="too_many_sign_ins") == 1


async def test_a_figure_is_there_before_it_first_counts(service: Service) -> None:
    assert await value(service.meter(), "renumber_sign_ins_total", result="completed") == 0
    assert await value(service.meter(), "renumber_phone_changes_total", state="stopped") == 0


async def test_deliveries_are_counted_by_channel_notice_and_result(service: Service) -> None:
    meter = service.meter()

    meter.delivered(Channel.SMS, Notice.SIGN_IN_CODE, "retry")

    labels = {"channel": "sms", "notice": "sign_in_code", "result": "retry"}
    assert await value(meter, "renumber_deliveries_total", **labels) == 1


async def test_what_waits_is_looked_up_when_somebody_asks(service: Service) -> None:
    meter, service.passwords = service.meter(), 7

    assert await value(meter, "renumber_passwords_waiting") == 7
    assert await value(meter, "renumber_outbox_messages", state="waiting") == 3
    assert await value(meter, "renumber_outbox_messages", state="claimed") == 1
    assert await value(meter, "renumber_outbox_messages", state="dead") == 2
    assert await value(meter, "renumber_outbox_oldest_seconds") == 90


async def test_without_a_database_the_other_figures_are_still_there(service: Service) -> None:
    meter, service.messages = service.meter(), None

    assert await value(meter, "renumber_passwords_waiting") == 0
    assert await value(meter, "renumber_outbox_messages", state="waiting") is None


@pytest.mark.parametrize("shown", [f"Bearer {TOKEN}", f"bearer  {TOKEN}"])
def test_the_token_opens_the_figures(shown: str, service: Service) -> None:
    assert service.meter().admits(shown)


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Bearer ", f"Basic {TOKEN}", TOKEN, "Bearer ä€", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x"]
)
def test_nothing_else_does(shown: str, service: Service) -> None:
    assert not service.meter().admits(shown)


def test_without_a_token_nobody_is_let_in(service: Service) -> None:
    assert not service.meter(token="").admits("Bearer ")
