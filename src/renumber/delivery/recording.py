"""Recording what came of a send, also if the database is away for a moment just then: else it would go out twice."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from renumber.delivery.loop import Pace

R = TypeVar("R")


async def record(write: Callable[[], Awaitable[R]], pace: Pace) -> R:
    """Write by compare-and-set on a claim, again with each poll until a claim as old as this would have lapsed.

    Nobody can claim what is to be recorded while the database is away. What was written although it seemed not to be
    is found to be another's: no more than a line of the log says so.
    """
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + pace.claim_for.total_seconds()
    while True:
        try:
            return await write()
        except Exception as fault:
            if getattr(fault, "permanent", False) or loop.time() >= give_up_at:
                raise
        try:
            await asyncio.sleep(pace.poll_for.total_seconds())
        except asyncio.CancelledError:
            await write()  # before a graceful stop gives the claim back as if it were unsent
            raise
