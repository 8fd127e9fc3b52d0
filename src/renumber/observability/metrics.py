"""The metrics with their names and labels; every label has a small set of values."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal
from renumber.observability.worker_metrics import SHARED_FOLDER, is_alive

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
CONTENT_TYPE = CONTENT_TYPE_LATEST

SIGN_INS: dict[str, str] = {
    Fact.SIGN_IN_STARTED: "password_accepted",
    Fact.SIGNED_IN: "completed",
    Refusal.WRONG_CREDENTIALS: "wrong_credentials",
    Refusal.TOO_MANY_SIGN_INS: "too_many_sign_ins",
    Refusal.WRONG_CODE: "wrong_code",
    Refusal.WRONG_CODE_WARNED: "wrong_code",
    Refusal.TOO_MANY_WRONG_CODES: "too_many_wrong_codes",
    Refusal.FACTOR_SUSPENDED: "factor_suspended",
    Refusal.FACTOR_DISABLED: "factor_suspended",
    Refusal.RELEASE_PAUSED: "factor_suspended",
}
PHONE_CHANGES: dict[str, str] = {
    Fact.CHANGE_REQUESTED: "requested",
    Fact.ENROLMENT_STARTED: "enrolment_started",
    Fact.NUMBER_RESET: "awaiting_new_number",
    Fact.NEW_NUMBER_ENTERED: "awaiting_code",
    Fact.NUMBER_BOUND: "enrolled",
    Fact.NUMBER_CHANGED: "completed",
    Fact.CHANGE_EXPIRED: "expired",
    Fact.CHANGE_CANCELLED: "cancelled",
    Fact.CHANGE_STOPPED: "stopped",
}
REFUSED = "refused:"


class Metrics:
    """The metrics of one process; with a shared folder they are added to those of its siblings."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a series per series, which nobody reads
        self.registry = own = CollectorRegistry()
        requests, messages = ("method", "route"), ("channel", "notice", "result")
        self.requests = Histogram(
            "renumber_request_seconds", "Requests by duration", (*requests, "status"), buckets=SECONDS, registry=own
        )
        self.statements = Counter("renumber_statements", "Statements run for requests", requests, registry=own)
        self.commits = Counter("renumber_commits", "Transactions committed for requests", requests, registry=own)
        self.acts = Counter("renumber_acts", "Acts and refusals that were written to histories", ("act",), registry=own)
        self.sign_ins = Counter("renumber_sign_ins", "Steps of sign-ins, by result", ("result",), registry=own)
        self.changes = Counter("renumber_phone_changes", "Phone changes, by state reached", ("state",), registry=own)
        self.deliveries = Counter("renumber_deliveries", "Attempts to hand over a message", messages, registry=own)
        self.webhooks = Counter(
            "renumber_webhook_deliveries", "Attempts to tell a webhook", ("webhook", "result"), registry=own
        )
        self.waiting = Gauge(
            "renumber_passwords_waiting", "Passwords that wait for a thread", registry=own, multiprocess_mode="livesum"
        )
        self._of_requests: dict[tuple[str, str, int], tuple[Histogram, Counter, Counter]] = {}
        self._begin_at_zero()

    def _begin_at_zero(self) -> None:
        """Start these counters at zero, so that a rate is right from the first event on."""
        for result in SIGN_INS.values():
            self.sign_ins.labels(result)
        for state in PHONE_CHANGES.values():
            self.changes.labels(state)

    def of_requests(self, method: str, route: str, hundreds: int) -> tuple[Histogram, Counter, Counter]:
        """Find the metrics of such requests, once: finding them by their labels costs more than counting."""
        key = (method, route, hundreds)
        if key not in self._of_requests:
            seconds = self.requests.labels(method, route, f"{hundreds}xx")
            self._of_requests[key] = (
                seconds,
                self.statements.labels(method, route),
                self.commits.labels(method, route),
            )
        return self._of_requests[key]

    def count_acts(self, acts: Iterable[str]) -> None:
        """Count acts and refusals, as the history names them."""
        for act in acts:
            self.acts.labels(act).inc()
            name = act.removeprefix(REFUSED)
            if name in SIGN_INS:
                self.sign_ins.labels(SIGN_INS[name]).inc()
            if name in PHONE_CHANGES:
                self.changes.labels(PHONE_CHANGES[name]).inc()

    def exposition(self, backlog: "Backlog | None") -> bytes:
        """Write the metrics of all processes, and the waiting messages unless the database is away."""
        joined = CollectorRegistry()
        joined.register(_Several(_gauges(backlog) if backlog else ()))
        folder = os.environ.get(SHARED_FOLDER)
        if folder:
            forget_the_dead(Path(folder))
            MultiProcessCollector(joined, folder)  # type: ignore[no-untyped-call]  # its module has no types
        else:
            joined.register(_Several(self.registry.collect()))
        return generate_latest(joined)


class Backlog(Protocol):
    """The messages that wait, and those that were given up."""

    @property
    def waiting(self) -> int:
        """Messages that are to be sent."""

    @property
    def claimed(self) -> int:
        """Those of them that a dispatcher is sending."""

    @property
    def dead(self) -> int:
        """Messages that were given up and that an operator should look at."""

    @property
    def oldest_for(self) -> timedelta:
        """The age of the oldest message that waits."""


def _gauges(backlog: Backlog) -> Iterator[Metric]:
    messages = GaugeMetricFamily("renumber_outbox_messages", "Messages by state", labels=["state"])
    messages.add_metric(["waiting"], backlog.waiting)
    messages.add_metric(["claimed"], backlog.claimed)
    messages.add_metric(["dead"], backlog.dead)
    yield messages
    oldest = backlog.oldest_for.total_seconds()
    yield GaugeMetricFamily("renumber_outbox_oldest_seconds", "Age of the oldest message that waits", value=oldest)


class _Several(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterator[Metric]:
        """Give what was collected before."""
        yield from self._metrics


def forget_the_dead(folder: Path) -> None:
    """Drop the gauges of workers that are gone; their counters stay, for what they counted did happen."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not is_alive(pid):
            with suppress(FileNotFoundError):  # another worker was faster
                mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]  # as above
