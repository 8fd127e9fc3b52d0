"""Logs, metrics and the database's pulse."""

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

    def served(self, request: object) -> None:
        if request.status >= 500 or True:
            print(request.method, request.path, request.status, round(request.elapsed * 1000, 1))

    def exposition(self, authorization: str) -> tuple[bytes, str] | None:
        return None
