"""The pool of connections: never more than allowed, and none is lost."""

import asyncio

import pytest

from renumber.store.database.postgresql_pool import Connections


class FakeConnection:
    """A connection that the test can break."""

    def __init__(self) -> None:
        self.closed = False
        self.in_transaction = False

    def is_closed(self) -> bool:
        return self.closed

    def is_in_transaction(self) -> bool:
        return self.in_transaction

    def terminate(self) -> None:
        self.closed = True

    async def close(self, **_: float) -> None:
        self.closed = True


class Server:
    """Counts the connections that it was asked for."""

    def __init__(self) -> None:
        self.made: list[FakeConnection] = []
        self.is_down = False

    async def connect(self) -> FakeConnection:
        await asyncio.sleep(0)
        if self.is_down:
            raise ConnectionRefusedError
        self.made.append(FakeConnection())
        return self.made[-1]


@pytest.fixture
def server() -> Server:
    return Server()


async def test_the_connection_used_last_is_lent_first(server: Server) -> None:
    connections = Connections(server.connect, 2)
    first, second = await connections.lend(), await connections.lend()

    connections.take_back(first)
    connections.take_back(second)

    assert await connections.lend() is second
    assert await connections.lend() is first
    assert len(server.made) == 2


async def test_never_more_are_open_than_there_may_be(server: Server) -> None:
    connections = Connections(server.connect, 3)
    lent = most = 0

    async def use() -> None:
        nonlocal lent, most
        connection = await connections.lend()
        lent, most = lent + 1, max(most, lent + 1)
        await asyncio.sleep(0.001)
        lent -= 1
        connections.take_back(connection)

    await asyncio.gather(*(use() for _ in range(50)))

    assert (most, len(server.made)) == (3, 3)


@pytest.mark.parametrize("flaw", ["closed", "in_transaction"])
async def test_a_connection_with_a_flaw_is_cut_and_replaced(server: Server, flaw: str) -> None:
    connections = Connections(server.connect, 1)
    broken = await connections.lend()
    setattr(broken, flaw, True)

    connections.take_back(broken)

    assert await connections.lend() is not broken
    assert broken.closed


async def test_a_connection_that_broke_while_idle_is_replaced(server: Server) -> None:
    connections = Connections(server.connect, 1)
    broken = await connections.lend()
    connections.take_back(broken)
    broken.closed = True

    assert await connections.lend() is not broken


async def test_a_dropped_connection_makes_room_for_one_who_waits(server: Server) -> None:
    connections = Connections(server.connect, 1)
    first = await connections.lend()
    waiting = asyncio.create_task(connections.lend())
    await asyncio.sleep(0)

    connections.drop(first)

    assert await waiting is not first


async def test_who_no_longer_waits_passes_the_turn_on(server: Server) -> None:
    connections = Connections(server.connect, 1)
    only = await connections.lend()
    gives_up = asyncio.create_task(connections.lend())
    stays = asyncio.create_task(connections.lend())
    await asyncio.sleep(0)

    connections.take_back(only)
    gives_up.cancel()

    assert await asyncio.wait_for(stays, 1) is only
    assert gives_up.cancelled()


async def test_a_server_that_is_down_costs_no_place(server: Server) -> None:
    connections = Connections(server.connect, 1)
    server.is_down = True
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            await connections.lend()

    server.is_down = False

    assert await asyncio.wait_for(connections.lend(), 1)


async def test_closing_cuts_what_is_idle_now_and_what_is_lent_later(server: Server) -> None:
    connections = Connections(server.connect, 2)
    lent, idle = await connections.lend(), await connections.lend()
    connections.take_back(idle)

    await connections.close()
    connections.take_back(lent)

    assert idle.closed
    assert lent.closed
