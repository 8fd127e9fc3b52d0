"""Passwords as slow as they are meant to be: something happens to the account in the meantime."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from renumber.flows.ports.services import Passwords, Verdict
from tests.flows.world import World


@dataclass
class SlowPasswords:
    """The real ones, with something that happens once before their answer is there."""

    passwords: Passwords
    meanwhile: Callable[[], Awaitable[object]] | None

    async def verify(self, stored: str | None, password: str) -> Verdict:
        verdict = await self.passwords.verify(stored, password)
        await self._wait()
        return verdict

    async def hash(self, password: str) -> str:
        hashed = await self.passwords.hash(password)
        await self._wait()
        return hashed

    async def _wait(self) -> None:
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            await happens()


def let_happen(world: World, meanwhile: Callable[[], Awaitable[object]]) -> None:
    """Let this happen while the next password is compared or hashed."""
    world.services = replace(world.services, passwords=SlowPasswords(world.services.passwords, meanwhile))
