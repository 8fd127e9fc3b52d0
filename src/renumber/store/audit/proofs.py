"""The proof of one account's chain, and the checkpoints with their anchors, as auditors see them."""

from collections.abc import AsyncIterator, Sequence

from sqlalchemy import bindparam, select

from renumber.domain.audit.entries import ChainProof, SignedCheckpoint
from renumber.flows.ports.services import Clock
from renumber.store.audit import append
from renumber.store.audit.anchors import anchor_of
from renumber.store.audit.append import Head
from renumber.store.audit.checkpoints import Checkpoint, Notary, read_checkpoint
from renumber.store.audit.start import starts_of
from renumber.store.audit.verify import AuditVerifier
from renumber.store.audit.walk import Unsigned
from renumber.store.database.open import Database, Row, Statement
from renumber.store.schema import tables

AT_ONCE = 500
_account, _mark, _checkpoint = tables.account, tables.audit_mark, tables.audit_checkpoint

_HEAD = Statement(
    select(_account.c.account_id, _account.c.audit_seq, _account.c.audit_hash).where(
        _account.c.account_id == bindparam("account_id")
    )
)
_SEEN_LAST = Statement(
    select(_checkpoint, _mark.c.seq)
    .select_from(_mark.join(_checkpoint, _checkpoint.c.number == _mark.c.number))
    .where(_mark.c.account_id == bindparam("account_id"))
    .order_by(_mark.c.number.desc())
    .limit(1)
)
_NEWEST_FIRST = Statement(
    select(_checkpoint)
    .where(_checkpoint.c.number < bindparam("before"))
    .order_by(_checkpoint.c.number.desc())
    .limit(bindparam("limit"))
)
_OLDEST_FIRST = Statement(
    select(_checkpoint).where(_checkpoint.c.number > bindparam("after")).order_by(_checkpoint.c.number).limit(AT_ONCE)
)


def shown(checkpoint: Checkpoint) -> SignedCheckpoint:
    """Give a checkpoint as it is shown, with its anchor if it has one."""
    counts, anchor = checkpoint.counts, anchor_of(checkpoint)
    return SignedCheckpoint(
        number=checkpoint.number,
        at=checkpoint.at,
        chains=checkpoint.chains,
        accounts=counts.accounts if counts else None,
        rows=counts.rows if counts else None,
        anchor=str(anchor or ""),
    )


class StoredProofs:
    """The Proofs port; `corrupt` is what unsealing raises."""

    def __init__(self, database: Database, notary: Notary, corrupt: type[Exception], *, clock: Clock) -> None:
        self._database = database
        self._notary = notary
        self._clock = clock
        self._verifier = AuditVerifier(database, notary, corrupt, clock=clock)

    async def prove(self, account_id: str) -> ChainProof | None:
        """Verify the chain of one account; None if there is none."""
        heads = await self._database.fetch(_HEAD, {"account_id": account_id})
        if not heads:
            return None
        found = [each async for each in self._verifier.chains(lambda _: None, account_id)]
        starts = await starts_of(self._database, self._notary, first=account_id, last=account_id)
        seen = await self._database.fetch(_SEEN_LAST, {"account_id": account_id})
        return self._proof(
            append.head_of(heads[0]),
            seen[0] if seen else None,
            first=max((start.seq for start in starts), default=0) + 1,
            findings=tuple(str(each) for each in found if not isinstance(each, Unsigned)),
            unsigned=sum(each.rows for each in found if isinstance(each, Unsigned)),
        )

    def _proof(
        self, head: Head, seen: Row | None, *, first: int, findings: tuple[str, ...], unsigned: int
    ) -> ChainProof:
        return ChainProof(
            account_id=head.account_id,
            at=self._clock.now(),
            first=first,
            last=head.seq,
            last_hash=head.hash,
            findings=findings,
            unsigned=unsigned,
            checkpoint=shown(read_checkpoint(seen)) if seen else None,
            sealed_to=seen["seq"] if seen else 0,
        )

    async def checkpoints(self, before: int, limit: int) -> Sequence[SignedCheckpoint]:
        """Read the checkpoints that come before a number, the newest first."""
        rows = await self._database.fetch(_NEWEST_FIRST, {"before": before, "limit": limit})
        return [shown(read_checkpoint(row)) for row in rows]

    async def anchors(self) -> AsyncIterator[str]:
        """Read the anchors of all checkpoints, the oldest first."""
        number = 0
        while rows := await self._database.fetch(_OLDEST_FIRST, {"after": number}):
            for row in rows:
                if anchor := anchor_of(read_checkpoint(row)):
                    yield str(anchor)
            number = rows[-1]["number"]
