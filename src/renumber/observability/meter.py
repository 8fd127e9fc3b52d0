"""The observer of requests, acts and deliveries."""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import structlog

from renumber.domain.account import is_nobody
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.outcomes import Refusal
from renumber.flows.ports.store import AuditEntry
from renumber.observability.current import CURRENT, Request
from renumber.observability.fields import METHODS
from renumber.observability.frames import frames_of, name_of
from renumber.observability.metrics import CONTENT_TYPE, REFUSED, SIGN_INS, Backlog, Metrics

log = structlog.get_logger()


class Count(Protocol):
    """Statements and commits of one request."""

    statements: int
    commits: int


class Meter:
    """Counts and logs everything after it happened; it can stop nothing."""

    def __init__(
        self,
        *,
        counting: Callable[[], AbstractContextManager[Count]],
        waiting: Callable[[], int],
        backlog: Callable[[], Awaitable[Backlog | None]],
        token: str = "",
    ) -> None:
        """`waiting` passwords, the `backlog` of messages (None if the database is away), and the token of readers."""
        self._counting, self._waiting, self._backlog, self._token = counting, waiting, backlog, token
        self._metrics = Metrics()

    @contextmanager
    def serve(self, request: Request) -> Iterator[None]:
        """Observe a request while it is served; its one line is logged when it is done."""
        was = CURRENT.set(request)
        try:
            with self._counting() as count:
                yield
        finally:
            CURRENT.reset(was)
            self._count_request(request, count)
            _write_line(request, count)

    def _count_request(self, request: Request, count: Count) -> None:
        method = request.method if request.method in METHODS else "other"
        seconds, statements, commits = self._metrics.of_requests(method, request.route, request.status // 100)
        seconds.observe(request.elapsed)
        statements.inc(count.statements)
        commits.inc(count.commits)
        self._metrics.waiting.set(self._waiting())
        if request.refusal is Refusal.TOO_MANY_SIGN_INS:  # no history has it: no password was looked at
            self._metrics.sign_ins.labels(SIGN_INS[request.refusal]).inc()

    def concluded(self, account_id: str, entries: Sequence[AuditEntry]) -> None:
        """Count acts and refusals that were committed."""
        acts = [entry.act for entry in entries]
        self._metrics.count_acts(acts)
        request = CURRENT.get()
        if request is not None:
            request.acts.extend(acts)
            request.account_id = request.account_id or (None if is_nobody(account_id) else account_id)

    def delivered(self, channel: Channel, notice: Notice, result: str) -> None:
        """Count an attempt to hand over a message, by its result."""
        self._metrics.deliveries.labels(channel.value, notice.value, str(result)).inc()

    def told(self, webhook_id: str, result: str) -> None:
        """Count an attempt to tell a webhook of an event, by its result."""
        self._metrics.webhooks.labels(webhook_id, str(result)).inc()

    def admits(self, authorization: str) -> bool:
        """Compare a bearer token with the operator's, in constant time."""
        scheme, _, token = authorization.partition(" ")
        shown = token.strip().encode("latin-1", "replace")
        return bool(self._token) and scheme.lower() == "bearer" and hmac.compare_digest(shown, self._token.encode())

    async def exposition(self) -> tuple[bytes, str]:
        """Give all metrics in the text format of Prometheus, and its media type."""
        self._metrics.waiting.set(self._waiting())
        return await asyncio.to_thread(self._metrics.exposition, await self._backlog()), CONTENT_TYPE


def _write_line(request: Request, count: Count) -> None:
    method = request.method if request.method in METHODS else "OTHER"
    where = {"request_id": request.request_id, "method": method, "route": request.route}
    cost = {"elapsed_ms": round(request.elapsed * 1000, 1), "statements": count.statements, "commits": count.commits}
    log.log(_level(request.status), "request", **where, status=request.status, **cost, **_told(request))


def _level(status: int) -> int:
    """Choose the level of a line: what people and their load cause is no error."""
    if status in {429, 503}:
        return logging.WARNING
    return logging.ERROR if status >= 500 else logging.INFO


def _told(request: Request) -> dict[str, object]:
    refused = [act.removeprefix(REFUSED) for act in request.acts if act.startswith(REFUSED)]
    fault = request.fault
    told = {
        "account_id": request.account_id,
        "acts": [act for act in request.acts if not act.startswith(REFUSED)],
        "refusal": request.refusal or (refused[-1] if refused else None),
        "fault": name_of(fault) if fault else None,
        "frames": frames_of(fault.__traceback__) if fault else None,
    }
    return {name: value for name, value in told.items() if value}
