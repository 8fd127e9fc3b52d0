"""A sender that is killed while a receiver hears it: the next one sends the same, and no event is lost."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import jwt

from harness.tables import rows_of
from renumber.delivery.receivers import PACE
from renumber.policies.events.signals import SignalType
from renumber.policies.events.streams import Method, Stream
from renumber.settings import Settings
from renumber.store.streams.streams import StoredStreams
from renumber.wiring.core import assemble_core
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
    async with receiving() as receiver, receiving() as signals:
        receiver.answer = signals.answer = None
        await asyncio.to_thread(_prepare, operator, receiver)
        await _make_stream(operator, signals)
        account_id = (await asyncio.to_thread(rows_of, operator.url, "SELECT account_id FROM account"))[-1][
            "account_id"
        ]
        freeze = ("account", "freeze", account_id, "--reason", "stolen")
        assert (await asyncio.to_thread(operator.runs, *freeze)).code == 0
        async with working(operator):
            await heard(receiver, 1)
            await heard(signals, 1)

        receiver.answer = signals.answer = answering(202)
        (tmp_path / "clock").write_text(str(PACE.claim_for.total_seconds()))
        async with working(operator):
            await heard(receiver, 2)
            await heard(signals, 2)
            states = await settled(operator)

    assert types(receiver.got) == ["account.created"] * 2
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert states == ["delivered"]
    first, second = (jwt.decode(got.body, options={"verify_signature": False})["jti"] for got in signals.got)
    assert first == second


async def _make_stream(operator: Operator, signals: Receiver) -> None:
    """Make a stream, as the API would."""
    core = assemble_core(Settings.from_environment(operator.environment))
    await core.database.start()
    made = Stream(
        stream_id="s" * 32,
        owner="signals",
        audience="signals",
        created_at=core.clock.now(),
        method=Method.PUSH,
        endpoint_url=signals.url,
        requested=(SignalType.ACCOUNT_DISABLED.value,),
    )
    await StoredStreams(core.database, core.keys).add(made, 1)
    core.passwords.close()
    await core.database.close()


KEY = f'[[api_key]]\nname = "signals"\nhash = "{"0" * 64}"\nscopes = ["ssf"]\nallow_private = true\n'


def _prepare(operator: Operator, receiver: Receiver) -> None:
    """Let the receiver hear of accounts, and create one."""
    assert operator.runs("joins", "secret", "--webhook", "shop.whsec").code == 0
    joins = operator.folder / "joins.toml"
    row = f'[[webhook]]\nid = "shop"\nurl = "{receiver.url}"\nsecret_file = "shop.whsec"\nallow_private = true\n'
    joins.write_text(f'{row}events = ["account.created"]\n{KEY}')
    operator.more["RENUMBER_JOINS_FILE"] = str(joins)
    assert operator.runs(*CREATE, stdin=PASSWORD).code == 0
