"""Webhooks that are switched off, since their receiver answered 410 Gone."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from renumber.store.database.open import Database, Statement
from renumber.store.records.mapper import moment, ms
from renumber.store.schema.events import webhook_switch

_wish = insert(webhook_switch).values({column.name: bindparam(column.name) for column in webhook_switch.c})
_SWITCH_OFF = Statement(_wish.on_conflict_do_nothing().returning(webhook_switch.c.webhook_id))
_SWITCH_ON = Statement(
    delete(webhook_switch)
    .where(webhook_switch.c.webhook_id == bindparam("webhook_id"))
    .returning(webhook_switch.c.webhook_id)
)
_OFF = Statement(select(webhook_switch))


class WebhookSwitches:
    """The Switches port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def off_since(self) -> Mapping[str, datetime]:
        """Read which webhooks are switched off, and since when."""
        return {row["webhook_id"]: moment(row["off_since"]) for row in await self._database.fetch(_OFF)}

    async def switch_off(self, webhook_id: str, now: datetime, reason: str) -> bool:
        """Switch a webhook off; False if it is off already."""
        values = {"webhook_id": webhook_id, "off_since": ms(now), "reason": reason}
        return bool(await self._database.run(_SWITCH_OFF, values))

    async def switch_on(self, webhook_id: str) -> bool:
        """Switch a webhook on again; False if it wasn't off."""
        return bool(await self._database.run(_SWITCH_ON, {"webhook_id": webhook_id}))
