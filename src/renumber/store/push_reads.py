"""The PushReads port: devices and what they are asked, read without locks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, select

from renumber.domain.authenticator import Factor
from renumber.domain.push import Device, Prompt, State
from renumber.store import devices, prompts, tables
from renumber.store.engine import Database, Statement
from renumber.store.shelf import Sealer, ms

_device, _prompt, _tries = tables.device, tables.prompt, tables.authenticator
_LIVE = Statement(
    select(_device)
    .where(_device.c.account_id == bindparam("account_id"), _device.c.removed_at.is_(None))
    .order_by(_device.c.made_at)
)
_LOST_SINCE = exists().where(
    _tries.c.account_id == _prompt.c.account_id,
    _tries.c.factor == Factor.PUSH.value,
    _tries.c.lost_at >= bindparam("bound_at"),
)
_PENDING = Statement(
    select(_prompt).where(
        _prompt.c.account_id == bindparam("account_id"),
        _prompt.c.state == State.PENDING.value,
        _prompt.c.expires_at > bindparam("now"),
        ~_LOST_SINCE,
    )
)
_OF_SIGN_IN = Statement(
    select(_prompt)
    .where(_prompt.c.account_id == bindparam("account_id"), _prompt.c.sign_in_id == bindparam("sign_in_id"))
    .order_by(_prompt.c.asked_at.desc(), (_prompt.c.state == State.PENDING.value).desc())
    .limit(1)
)
_STATE = Statement(
    select(_prompt.c.state, _prompt.c.expires_at).where(
        _prompt.c.account_id == bindparam("account_id"), _prompt.c.prompt_id == bindparam("prompt_id")
    )
)


class PushPageReads:
    """What devices and pages are shown."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def device(self, account_id: str, device_id: str) -> Device | None:
        """One device, removed ones included."""
        shelf = devices.shelf
        rows = await self._database.fetch(shelf.load, {"account_id": account_id, "device_id": device_id})
        return shelf.from_row(rows[0], shelf.columns(self._sealer, account_id)) if rows else None

    async def devices(self, account_id: str) -> Sequence[Device]:
        """The devices that can answer, oldest first."""
        columns = devices.shelf.columns(self._sealer, account_id)
        return [devices.from_row(row, columns) for row in await self._database.fetch(_LIVE, {"account_id": account_id})]

    async def pending_prompts(self, account_id: str, bound_at: datetime, now: datetime) -> Sequence[Prompt]:
        """What a device bound then is asked now; nothing, if it was there when one of the account's was lost."""
        columns = prompts.shelf.columns(self._sealer, account_id)
        values = {"account_id": account_id, "bound_at": ms(bound_at), "now": ms(now)}
        rows = await self._database.fetch(_PENDING, values)
        return [prompts.from_row(row, columns) for row in rows]

    async def prompt_of(self, account_id: str, sign_in_id: str) -> Prompt | None:
        """The newest prompt of a sign-in."""
        rows = await self._database.fetch(_OF_SIGN_IN, {"account_id": account_id, "sign_in_id": sign_in_id})
        return prompts.from_row(rows[0], prompts.shelf.columns(self._sealer, account_id)) if rows else None

    async def is_pending(self, account_id: str, prompt_id: str, now: datetime) -> bool:
        """Whether a prompt still waits for its answer: one row by its key, and nothing to unseal."""
        rows = await self._database.fetch(_STATE, {"account_id": account_id, "prompt_id": prompt_id})
        return bool(rows) and rows[0]["state"] == State.PENDING.value and rows[0]["expires_at"] > ms(now)
