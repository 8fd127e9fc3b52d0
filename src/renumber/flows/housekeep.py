"""What nobody asks for: closing what ran out, forgetting what has outlived its use."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from renumber.flows.change_phone import close_if_expired
from renumber.flows.house import House, Origin


class Chores(Protocol):
    """What the store does for the housekeeping."""

    async def take_turn(self, now: datetime) -> bool:
        """Whether this process may do it now; one at a time does."""

    async def expired_changes(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Requests whose link ran out: account and change."""

    async def outlived_numbers(self, now: datetime) -> Sequence[str]:
        """Accounts whose number before the change can no longer undo it."""

    async def purge(self, now: datetime) -> None:
        """Delete what ended long enough ago."""


async def keep_house(house: House, chores: Chores, origin: Origin) -> bool:
    """Do all that is due; False if another process is at it."""
    now = house.clock.now()
    if not await chores.take_turn(now):
        return False
    for account_id, change_id in await chores.expired_changes(now):
        await close_if_expired(house, account_id, change_id, origin=origin)
    for account_id in await chores.outlived_numbers(now):
        await _forget_former_number(house, account_id, now)
    await chores.purge(now)
    return True


async def _forget_former_number(house: House, account_id: str, now: datetime) -> None:
    async with house.store.work(account_id) as work:
        step = work.account.forget_former_number(now)
        if step.refusal is None:
            work.keep(step.state)
