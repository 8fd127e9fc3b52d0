"""A sender that is killed while a receiver hears it: the next one sends the same, and no event is lost."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from harness.tables import rows_of
from renumber.delivery.receivers import PACE
from tests.cli.operator import PASSWORD, RENUMBER, Operator
from tests.delivery.webhooks.house import types
from tests.delivery.webhooks.receiver import Receiver, answering, receiving

CREATE = ("account", "create", "--email", "erika@example.com", "--name", "Erika", "--password-stdin")


@asynccontextmanager
async def working(operator: Operator) -> AsyncIterator[None]:
    """Run `renumber work`, and kill it at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        RENUMBER, "work", cwd=operator.folder, env=operator.environment,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def heard(receiver: Receiver, times: int) -> None:
    """Wait until the receiver was asked so often."""
    async with asyncio.timeout(60):
        while len(receiver.got) < times:  # noqa: ASYNC110 - the condition is no event of ours
            await asyncio.sleep(0.05)


async def settled(operator: Operator) -> list[str]:
    """Wait until no delivery waits, and give the states."""
    async with asyncio.timeout(60):
        while "waiting" in (states := await asyncio.to_thread(_states, operator)):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
    return states


def _states(operator: Operator) -> list[str]:
    return [row["state"] for row in rows_of(operator.url, "SELECT state FROM webhook_delivery")]


async def test_an_event_whose_sender_was_killed_in_the_middle_is_sent_by_the_next(
    sqlite_url: str, tmp_path: Path
) -> None:
    operator = Operator(sqlite_url, tmp_path)
    async with receiving() as receiver:
        receiver.answer = None
        await asyncio.to_thread(_prepare, operator, receiver)
        async with working(operator):
            await heard(receiver, 1)

        receiver.answer = answering(204)
        (tmp_path / "clock").write_text(str(PACE.claim_for.total_seconds()))
        async with working(operator):
            await heard(receiver, 2)
            states = await settled(operator)

    assert types(receiver.got) == ["account.created"] * 2
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert states == ["delivered"]


def _prepare(operator: Operator, receiver: Receiver) -> None:
    """Let the receiver hear of accounts, and create one."""
    assert operator.runs("joins", "secret", "--webhook", "shop.whsec").code == 0
    joins = operator.folder / "joins.toml"
    row = f'[[webhook]]\nid = "shop"\nurl = "{receiver.url}"\nsecret_file = "shop.whsec"\nallow_private = true\n'
    joins.write_text(row)
    operator.more["RENUMBER_JOINS_FILE"] = str(joins)
    assert operator.runs(*CREATE, stdin=PASSWORD).code == 0
