"""A chain of many rows, which nobody has to act for."""

from renumber.domain.actor import Actor
from renumber.flows.ports.store import AuditEntry
from renumber.store.audit import append
from renumber.store.database.commit import together
from renumber.store.schema import tables
from tests.flows.world import World
from tests.store.hands_on import change, look

COLUMNS = [column.name for column in tables.audit.c]


async def write_many(world: World, account_id: str, times: int) -> None:
    """Write so many rows at the end of an account's chain, each linked to the one before."""
    (row,) = await look(world, "SELECT * FROM account WHERE account_id = :id", id=account_id)
    entry = AuditEntry(
        at=world.clock.time, actor=Actor.OWNER, act="signed_in", subject="", evidence="", browser="Firefox", ip="::1"
    )
    head, writes = append.append(append.head_of(row), [entry] * times, world.keys)
    async with together(world.database) as tx:
        for statement, values in writes:
            await tx.execute(statement, values)
    new = append.head_columns(head, world.keys)
    head_of_chain = "UPDATE account SET audit_seq = :audit_seq, audit_hash = :audit_hash, audit_mac = :audit_mac"
    await change(world, f"{head_of_chain} WHERE account_id = :id", id=account_id, **new)
