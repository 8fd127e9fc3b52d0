"""A process that is killed between the commit of an act and the hand-over of its messages; run by a test."""

import asyncio
import os
import signal
import sys
from typing import Never

from renumber.domain.messages.message import Reservation
from renumber.store.account_store import AccountStore
from renumber.store.messages.own_messages import Sender
from tests.flows.person import a_person
from tests.store.messages.sending import sending


class Killed:
    """The dispatcher's end of the hand-over: the process ends as it is reached."""

    def __init__(self, dispatcher: Sender) -> None:
        self.wake = dispatcher.wake
        self.reserve = dispatcher.reserve
        self.give_back = dispatcher.give_back

    def send(self, _reservation: Reservation) -> Never:
        """End as by a power cut."""
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("killed")


async def main(url: str) -> None:
    """Sign in, and never come to the hand-over."""
    async with sending(url) as here, here.running():
        person = await a_person(here.world)
        store = here.world.services.store
        assert isinstance(store, AccountStore)
        store._sender = lambda: Killed(here.dispatcher)
        await person.browser.give_password(person.email)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
