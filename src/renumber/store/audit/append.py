"""The history: appended only, each account's rows chained by hash, the head authenticated by a key."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, insert

from renumber.domain.actor import Actor
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import AuditEntry
from renumber.policies.tally import Tally
from renumber.store.database.open import Row, Statement, Values
from renumber.store.records.mapper import Cells, Columns, Format, Sealer, moment, ms, ms_or_none
from renumber.store.schema import tables

APPEND = Statement(insert(tables.audit).values({column.name: bindparam(column.name) for column in tables.audit.c}))
_FORMAT = Format(tables.audit)
START = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Head:
    """The end of one account's chain."""

    account_id: str
    seq: int
    hash: bytes = field(repr=False)


def head_of(row: Cells | Row) -> Head:
    """Read the head that the account's row carries."""
    return Head(row["account_id"], row["audit_seq"], bytes(row["audit_hash"]))


def head_columns(head: Head, sealer: Sealer) -> dict[str, object]:
    """Give the head as columns of the account's row, with the keyed hash that a writer without the key can't make."""
    return {"audit_seq": head.seq, "audit_hash": head.hash, "audit_mac": mac(head, sealer)[0]}


def tally_of(row: Cells | Row) -> Tally:
    """Read what was refused in the account within the hour."""
    if row["refusals"] is None:
        return Tally()
    since, seen, again = json.loads(row["refusals"])
    return Tally(moment(since), frozenset(seen), again)


def tally_columns(tally: Tally) -> dict[str, object]:
    """Give the tally as columns of the account's row, with the time at which it is to be closed."""
    if tally.since is None:
        return {"refusals": None, "refusals_until": None}
    kept = json.dumps([ms(tally.since), sorted(tally.seen), dict(tally.again)])
    return {"refusals": kept, "refusals_until": ms_or_none(tally.until)}


def mac(head: Head, sealer: Sealer) -> tuple[bytes, bytes]:
    """Authenticate the end of a chain, under the current and the previous key."""
    return sealer.fingerprints(KeyedHash.AUDIT_HEAD, f"{head.account_id}:{head.seq}:{head.hash.hex()}")


def append(head: Head, entries: Sequence[AuditEntry], sealer: Sealer) -> tuple[Head, list[tuple[Statement, Values]]]:
    """Chain new entries to the head."""
    writes: list[tuple[Statement, Values]] = []
    for entry in entries:
        row = _FORMAT.kept(_row(head, entry), sealer)
        head = Head(head.account_id, head.seq + 1, link_hash(head.hash, row))
        writes.append((APPEND, {**row, "hash": head.hash}))
    return head, writes


def _row(head: Head, entry: AuditEntry) -> Cells:
    """Seal the origin of the act and chain only its digest: erasing the origin leaves the chain whole.

    The digest is of the salted text, so that a new key can seal it anew, and nobody can guess what was erased. The
    reason that an operator typed may name a person: it goes with the origin.
    """
    origin = json.dumps([entry.browser, entry.ip, secrets.token_hex(16), entry.reason])
    return {
        "account_id": head.account_id,
        "seq": head.seq + 1,
        "at": entry.at,
        "actor": entry.actor.value,
        "act": entry.act,
        "subject": entry.subject,
        "evidence": entry.evidence,
        "origin": origin,
        "origin_digest": digest_of(origin),
    }


def entry_of(row: Cells | Row, columns: Columns) -> AuditEntry:
    """Read a row; of an erased account it says neither from where nor why."""
    origin = columns.unseal("origin", row["origin"])
    browser, ip, _, *reason = json.loads(origin) if origin else ("", "", "")
    return AuditEntry(
        at=moment(row["at"]),
        actor=Actor(row["actor"]),
        act=row["act"],
        subject=row["subject"],
        evidence=row["evidence"],
        browser=browser,
        ip=ip,
        reason="".join(reason),
    )


def digest_of(origin: str) -> bytes:
    """Hash the origin of an act: the chain holds this in its place."""
    return hashlib.sha256(origin.encode()).digest()


def link_hash(previous: bytes, row: dict[str, object] | Row) -> bytes:
    """Hash a row together with all rows before it."""
    parts = [row["account_id"], row["seq"], row["at"], row["actor"], row["act"], row["subject"], row["evidence"]]
    body = json.dumps([*parts, bytes(row["origin_digest"]).hex()], ensure_ascii=True)  # type: ignore[arg-type]  # bytes
    return hashlib.sha256(previous + body.encode()).digest()


def is_authentic(head: Head, found: bytes, sealer: Sealer) -> bool:
    """Say whether the keyed hash beside a head was made with a key of this installation."""
    return any(hmac.compare_digest(found, made) for made in mac(head, sealer))
