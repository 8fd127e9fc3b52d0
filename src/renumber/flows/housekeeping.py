"""Housekeeping: closing what ran out, forgetting what has outlived its use."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from renumber.domain.account import Account
from renumber.domain.outcomes import Step
from renumber.flows.act import Act, by_system
from renumber.flows.phone_change.link import close_if_expired
from renumber.flows.ports.services import Unreadable
from renumber.flows.ports.store import AccountUnknown
from renumber.flows.services import Services
from renumber.flows.support.recover import go_on_with_case

log = structlog.get_logger()


class Chores(Protocol):
    """The store's part of the housekeeping."""

    async def take_turn(self, now: datetime) -> bool:
        """Take or keep the turn of this process; one at a time does it."""

    async def expired_changes(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Some requests whose link ran out: account and change."""

    async def outlived_numbers(self, now: datetime) -> Sequence[str]:
        """Some accounts whose number before the change can no longer undo it."""

    async def due_cases(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Some recovery cases whose wait is over, that are to be told of again, or that ran out: account and case."""

    async def purge(self, now: datetime) -> int:
        """Delete some of what ended long enough ago, and say how many rows that were."""


async def keep_house(services: Services, chores: Chores) -> bool:
    """Do all that is due; False if another process is at it."""
    now = services.clock.now()
    if not await chores.take_turn(now):
        return False
    for account_id, change_id in await chores.expired_changes(now):
        await _alone(account_id, close_if_expired(services, account_id, change_id))
    for account_id, case_id in await chores.due_cases(now):
        await _alone(account_id, go_on_with_case(services, account_id, case_id))
    for account_id in await chores.outlived_numbers(now):
        await _alone(account_id, _forget_former_number(services, account_id))
    while await chores.take_turn(services.clock.now()) and await chores.purge(now):
        pass
    return True


@by_system
async def _forget_former_number(act: Act) -> Step[Account]:
    step = act.account.forget_former_number(act.now, act.services.rules.retention.former_numbers)
    return step if step.refusal else act.carry_out(step)  # nobody asked, so that nothing was refused


async def _alone(account_id: str, act: Awaitable[object]) -> None:
    """One account that can't be read, or was erased meanwhile, holds up no other."""
    try:
        await act
    except Unreadable:
        log.error("housekeeping_failed", account_id=account_id, fault="Unreadable")
    except AccountUnknown:
        log.info("housekeeping_failed", account_id=account_id, fault="AccountUnknown")
