"""The lines of an account's timeline: what was written into its history, and the messages that went out."""

import json
from collections.abc import Sequence
from heapq import merge

from renumber.domain.email_address import EmailAddress
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.ports.services import Unreadable
from renumber.flows.support.account_view import Line, MessageLine, TimelinePlace
from renumber.store.audit.append import entry_of
from renumber.store.database.open import Row
from renumber.store.records.mapper import Columns, Sealer, moment, moment_or_none
from renumber.store.schema import tables

ENTRY, MESSAGE = "entry", "message"


def merged_lines(rows: Sequence[Row]) -> list[Row]:
    """Merge acts and messages, the newest first; of one moment an act stands above the messages that it wrote."""
    entries = sorted((row for row in rows if row["kind"] == ENTRY), key=lambda row: -row["seq"])
    messages = sorted((row for row in rows if row["kind"] == MESSAGE), key=_place_of_message, reverse=True)
    return list(merge(entries, messages, key=lambda row: -row["made_at"]))


def _place_of_message(row: Row) -> tuple[int, str]:
    return row["made_at"], row["key"]


def line_of(row: Row, sealer: Sealer, account_id: str) -> Line:
    """Read a line; addresses are masked here, so that no page has more of them."""
    if row["kind"] == MESSAGE:
        return _message(row, Columns(sealer, tables.outbox.name, account_id))
    cells = {
        "at": row["made_at"],
        "actor": row["actor"],
        "act": row["act"],
        "subject": row["state"],
        "evidence": row["detail"],
        "origin": row["sealed"],
    }
    return entry_of(cells, Columns(sealer, tables.audit.name, account_id))


def _message(row: Row, columns: Columns) -> MessageLine:
    channel = Channel(row["actor"])
    return MessageLine(
        at=moment(row["made_at"]),
        channel=channel,
        notice=Notice(row["act"]),
        to=_masked(channel, row, columns),
        state=row["state"],
        outcome=row["detail"] or "",
        due_at=moment(row["lost_at"]),
        settled_at=moment_or_none(row["used_at"]),
    )


def _masked(channel: Channel, row: Row, columns: Columns) -> str:
    """Mask where it goes; of what was sent nobody keeps it, and what no key opens says nothing."""
    if row["sealed"] is None or channel is Channel.PUSH:
        return ""
    try:
        to = json.loads(columns.text("content", row["sealed"]))["to"]
    except Unreadable:
        return ""
    return EmailAddress(to).masked if channel is Channel.EMAIL else PhoneNumber(to).masked


def place_of(shown: Sequence[Row], after: TimelinePlace) -> TimelinePlace:
    """The place after the last lines that are shown, of either kind."""
    entries = [row for row in shown if row["kind"] == ENTRY]
    messages = [row for row in shown if row["kind"] == MESSAGE]
    seq = entries[-1]["seq"] if entries else after.seq
    if not messages:
        return TimelinePlace(seq, after.written_ms, after.message_id)
    return TimelinePlace(seq, messages[-1]["made_at"], messages[-1]["key"])
