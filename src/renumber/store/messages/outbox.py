"""The outbox: messages committed with the act, claimed by one dispatcher at a time."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from secrets import token_hex

from sqlalchemy import and_, bindparam, insert, or_, select, tuple_, update

from renumber.domain.messages.message import (
    Channel,
    Claimed,
    Derived,
    Message,
    Notice,
    Settlement,
)
from renumber.flows.ports.services import Unreadable
from renumber.store.database.open import Database, Row, Statement, Transaction, Values
from renumber.store.messages.settlements import RELEASE, UNSETTLED, MessageState, Settlements, mine
from renumber.store.records.mapper import Format, Sealer, cells_of, ms
from renumber.store.schema import tables

outbox = tables.outbox
_FORMAT = Format(outbox)


_INSERT = Statement(insert(outbox).values({column.name: bindparam(column.name) for column in outbox.c}))
_IS_FREE = or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= bindparam("now"))
_DUE = (
    select(outbox.c.account_id, outbox.c.message_id)
    .where(outbox.c.state == MessageState.WAITING.value, outbox.c.due_at <= bindparam("now"), _IS_FREE)
    .order_by(outbox.c.due_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = Statement(
    update(outbox)
    .where(
        tuple_(outbox.c.account_id, outbox.c.message_id).in_(select(_DUE.c.account_id, _DUE.c.message_id)), UNSETTLED
    )
    .values(claim=bindparam("claimant"), claimed_until=bindparam("until"), attempts=outbox.c.attempts + 1)
    .returning(*outbox.c)
)
_REST = and_(
    outbox.c.account_id == bindparam("same_account_id"),
    outbox.c.message_id == bindparam("same_message_id"),
    UNSETTLED,
    outbox.c.claim.is_(None),
)
_AT_REST = Statement(select(outbox).where(_REST).with_for_update())
_REWORD = Statement(update(outbox).where(_REST).values(content=bindparam("content")))


def insertion(
    message: Message, sealer: Sealer, claimed: tuple[Claimed, datetime] | None = None
) -> tuple[Statement, Values]:
    """The statement that puts a message into the outbox, claimed if it is; what it says and to whom is sealed."""
    row = {
        "account_id": message.account_id,
        "message_id": message.message_id,
        "channel": message.channel.value,
        "notice": message.notice.value,
        "content": json.dumps(_content(message), ensure_ascii=False),
        "created_at": message.created_at,
        "expires_at": message.expires_at,
        "due_at": message.created_at,
        "state": MessageState.WAITING.value,
        "attempts": 1 if claimed else 0,
        "provider": 0,
        "claim": claimed[0].claim if claimed else None,
        "claimed_until": claimed[1] if claimed else None,
        "settled_at": None,
        "outcome": None,
    }
    return _INSERT, _FORMAT.kept(row, sealer)


async def reword(tx: Transaction, sealer: Sealer, newer: Message) -> bool:
    """Change what a message says that still waits; False if it has left, or can't be read.

    It keeps its own links: those of the newer one were never kept.
    """
    same = {"same_account_id": newer.account_id, "same_message_id": newer.message_id}
    rows = await tx.fetch(_AT_REST, same)
    try:
        waiting = _message(rows[0], sealer) if rows else None
    except Unreadable:
        return False
    if waiting is None:
        return False
    content = insertion(replace(waiting, params=newer.params, locale=newer.locale), sealer)[1]["content"]
    return bool(await tx.execute(_REWORD, {**same, "content": content}))


def _content(message: Message) -> dict[str, object]:
    derived = {"code": message.code, "action": message.action, "stop": message.stop}
    secrets = {name: [value.binding, value.key_id] for name, value in derived.items() if value}
    return {"to": message.to, "locale": message.locale, "params": dict(message.params), **secrets}


def _message(row: Row, sealer: Sealer) -> Message:
    cells = _FORMAT.read(cells_of(row), sealer)
    content = json.loads(cells["content"])
    derived = {name: _derived(*content[name]) for name in ("code", "action", "stop") if name in content}
    return Message(
        message_id=cells["message_id"],
        account_id=cells["account_id"],
        channel=Channel(cells["channel"]),
        notice=Notice(cells["notice"]),
        to=content["to"],
        locale=content["locale"],
        params=content["params"],
        created_at=cells["created_at"],
        expires_at=cells["expires_at"],
        **derived,
    )


def _derived(binding: str, key_id: str) -> Derived:
    return Derived(binding=binding, key_id=key_id)


class StoredOutbox:
    """The Outbox port of the dispatcher."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer
        self._settlements = Settlements(database)

    async def claim(self, limit: int, claimant: str, *, now: datetime, until: datetime) -> Sequence[Claimed]:
        """Take messages that are due and unclaimed, or whose claim has lapsed; locked ones are skipped."""
        claim = f"{claimant} {token_hex(8)}"  # so that an earlier claim of the same dispatcher settles nothing
        values = {"limit": limit, "claimant": claim, "now": ms(now), "until": ms(until)}
        rows = await self._database.run(_CLAIM, values)
        claimed = [await self._opened(row, now) for row in sorted(rows, key=lambda row: int(row["due_at"]))]
        return [one for one in claimed if one]

    async def _opened(self, row: Row, now: datetime) -> Claimed | None:
        """Mark a message dead that no key opens: it must not hold up those behind it."""
        try:
            message = _message(row, self._sealer)
        except Unreadable:
            await self._settlements.mark_unreadable(row, now)
            return None
        return Claimed(message=message, attempts=row["attempts"] - 1, claim=row["claim"], provider=row["provider"])

    async def settle(self, claimed: Claimed, settlement: Settlement, now: datetime) -> bool:
        """Record the outcome by compare-and-set on the claim; False if somebody else has it by now."""
        return await self._settlements.settle(claimed, settlement, now)

    async def release(self, claimed: Sequence[Claimed]) -> None:
        """Give claims back unsent, for a graceful stop."""
        if claimed:
            await self._database.run_each(RELEASE, [mine(one) for one in claimed])
