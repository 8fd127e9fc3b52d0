"""Housekeeping: closing what ran out, forgetting what has outlived its use."""

from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from renumber.domain.account import Account
from renumber.domain.outcomes import Step
from renumber.flows.act import Act, by_system
from renumber.flows.organisations.waiting import go_on_with_change
from renumber.flows.ports.services import Unreadable
from renumber.flows.ports.store import AccountUnknown
from renumber.flows.services import Services
from renumber.flows.support.recover import go_on_with_case

log = structlog.get_logger()
ROUND_FOR = timedelta(minutes=2)


class Chores(Protocol):
    """The store's part of the housekeeping."""

    async def take_turn(self, now: datetime) -> bool:
        """Take or keep the turn of this process; one at a time does it."""

    async def due_changes(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Some requests whose link ran out, or whose company is to be asked again or waited for no more."""

    async def outlived_numbers(self, now: datetime) -> Sequence[str]:
        """Some accounts whose number before the change can no longer undo it."""

    async def due_cases(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Some recovery cases whose wait is over, that are to be told of again, or that ran out: account and case."""

    @property
    def kinds(self) -> Sequence[str]:
        """All that is kept for a time, by name."""

    async def purge(self, kind: str, now: datetime) -> bool:
        """Delete some of a kind that ended long enough ago; True if there may be more."""


async def keep_house(services: Services, chores: Chores) -> bool:
    """Do all that is due; False if another process is at it."""
    now = services.clock.now()
    if not await chores.take_turn(now):
        return False
    for account_id, change_id in await chores.due_changes(now):
        await _alone(account_id, go_on_with_change(services, account_id, change_id))
    for account_id, case_id in await chores.due_cases(now):
        await _alone(account_id, go_on_with_case(services, account_id, case_id))
    for account_id in await chores.outlived_numbers(now):
        await _alone(account_id, _forget_former_number(services, account_id))
    await _purge(services, chores, now)
    return True


async def _purge(services: Services, chores: Chores, now: datetime) -> None:
    """Purge each kind until nothing of it is left, in turns: a backlog of one holds up no other.

    A long one is left to the next rounds, so that nothing else that is due waits for it.
    """
    kinds, until = chores.kinds, now + ROUND_FOR
    while kinds and (turn := services.clock.now()) < until and await chores.take_turn(turn):
        kinds = [kind for kind in kinds if await chores.purge(kind, now)]


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
