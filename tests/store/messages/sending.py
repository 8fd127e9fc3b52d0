"""An installation whose process sends what its acts commit, by gateways that keep what they are given."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from renumber.delivery.backoff import Backoff
from renumber.delivery.dispatcher import Dispatcher
from renumber.delivery.failover import Gateways
from renumber.delivery.loop import Pace
from renumber.domain.messages.message import Claimed
from tests.delivery.builders import ScriptedGateway, a_renderer
from tests.flows.world import World, a_world

SELDOM = Pace(poll_for=timedelta(hours=1))  # nothing is found by polling


@dataclass
class Sending:
    """The installation, its dispatcher, and its gateways."""

    world: World
    dispatcher: Dispatcher
    mail: ScriptedGateway
    sms: ScriptedGateway

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the dispatcher until the block ends, and stop it gracefully."""
        task = asyncio.create_task(self.dispatcher.run())
        await asyncio.sleep(0)  # it has begun
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def claimed_by_another(self, **later: float) -> list[Claimed]:
        """Claim whatever can be claimed after a while, as another worker would."""
        now = self.world.clock.now() + timedelta(**later)
        return [*await self.world.outbox.claim(50, "another", now=now, until=now)]


@asynccontextmanager
async def sending(url: str, pace: Pace = SELDOM) -> AsyncIterator[Sending]:
    """Open an installation on a migrated database; its dispatcher has yet to be run."""
    made: list[Dispatcher] = []
    async with a_world(url, sender=lambda: made[0]) as world:
        mail, sms = ScriptedGateway("mail"), ScriptedGateway("sms")
        dispatcher = Dispatcher(
            world.outbox,
            a_renderer(),
            Gateways(mail=[mail], sms=[sms]),
            clock=world.clock,
            observe=lambda *_: None,
            backoff=Backoff(lambda: 0.5),
            claimant="here",
            pace=pace,
        )
        made.append(dispatcher)
        yield Sending(world, dispatcher, mail, sms)


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that comes about by itself."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the condition is no event of ours
            await asyncio.sleep(0.005)
