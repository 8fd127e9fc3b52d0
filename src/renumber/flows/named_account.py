"""The account that a cookie, a link or a device names, or nobody's."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from renumber.flows.ports.kept import Wanted
from renumber.flows.ports.store import AccountUnknown, UnitOfWork
from renumber.flows.services import Services, nobody


@asynccontextmanager
async def named_account(services: Services, account_id: str, *wanted: Wanted) -> AsyncIterator[UnitOfWork]:
    """Lock the account that is named, else nobody's, where it isn't there; `wanted` is what the act will load.

    An account that was erased, or that a restored or another database doesn't know, is unknown to every act alike, and
    what is refused for it stands in nobody's history.
    """
    async with AsyncExitStack() as opened:
        try:
            work = await opened.enter_async_context(services.store.work(account_id, *wanted))
        except AccountUnknown:
            work = await opened.enter_async_context(services.store.work(nobody(services, account_id)))
        yield work
