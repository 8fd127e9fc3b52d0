"""Logs, metrics and the database's pulse."""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import literal, select

from renumber.domain.message import Channel, Notice
from renumber.store.engine import Database, Statement
from renumber.passwords import Passwords
from renumber.settings import Settings

PING = Statement(select(literal(1).label("one")))


def configure_logs(*, json_logs: bool) -> None:
    """One line per event."""


def count_delivery(channel: Channel, notice: Notice, result: object) -> None:
    """Count how an attempt ended."""


class Meter:
    def __init__(self, database: Database, passwords: Passwords, settings: Settings) -> None: ...

    @contextlib.contextmanager
    def serve(self, request: Any) -> Iterator[None]:
        yield
        print(request.method, request.route, request.status, round(request.elapsed * 1000, 1), flush=True)
