"""The entries that somebody looks for among all accounts, the newest first, a page at a time.

Each combination of filters is a statement of its own, so that PostgreSQL plans it once: what a partial index is about
stands there as a literal, and what nobody asks for not at all.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal_column

from renumber.domain.actor import Actor
from renumber.domain.audit.entries import ChainedEntry, EntryFilter, Outcome
from renumber.domain.evidence import Evidence
from renumber.domain.support.staff import Role
from renumber.flows.audit.ports import ListPlace
from renumber.policies.tally import REFUSED
from renumber.store.audit.entries import CHAINED, GIVEN_PLACE, PLACE, chained
from renumber.store.database.open import Database, Statement, Values
from renumber.store.records.mapper import ms
from renumber.store.schema.tables import audit

OFTEN = (Actor.OWNER, Actor.VISITOR)
"""Those whose entries are everywhere: the newest of them are near the end. The index on the others leaves them out."""
Shape = tuple[frozenset[str], str, Outcome | None]


def _literal(text: str) -> ColumnElement[str]:
    return literal_column(f"'{text}'")


def _of_actor(actor: Actor) -> list[ColumnElement[bool]]:
    """The terms of the partial index stand there as it has them, since SQLite compares them letter by letter."""
    rare = [] if actor in OFTEN else [audit.c.actor != _literal(each) for each in OFTEN]
    return [audit.c.actor == _literal(actor), *rare]


_BOUND: dict[str, ColumnElement[bool]] = {
    "since": audit.c.at >= bindparam("since"),
    "until": audit.c.at < bindparam("until"),
    "act": audit.c.act == bindparam("act"),
    "subject": audit.c.subject == bindparam("subject"),
    "agent": and_(
        audit.c.actor == _literal(Actor.AGENT), audit.c.evidence.in_([bindparam(role.value) for role in Role])
    ),
    "account_id": audit.c.account_id == bindparam("account_id"),
}
_is_refusal = func.substr(audit.c.act, 1, len(REFUSED)) == _literal(REFUSED)
_OF_OUTCOME = {Outcome.REFUSED: _is_refusal, Outcome.DONE: ~_is_refusal}


_COMPILED: dict[Shape, Statement] = {}


def statement_of(shape: Shape) -> Statement:
    """Give the query with these filters, which is compiled when it is first asked for."""
    return _COMPILED.get(shape) or _COMPILED.setdefault(shape, _compiled(shape))


def _compiled(shape: Shape) -> Statement:
    bound, actor, outcome = shape
    where = [_BOUND[name] for name in sorted(bound)]
    where += _of_actor(Actor(actor)) if actor else []
    where += [_OF_OUTCOME[outcome]] if outcome else []
    return Statement(_ordered(CHAINED.where(*where), of_one="account_id" in bound).limit(bindparam("limit")))


def _ordered(query: Select[tuple[object, ...]], *, of_one: bool) -> Select[tuple[object, ...]]:
    """Of one account they come as they are chained, of all by their time."""
    if of_one:
        return query.where(audit.c.seq < bindparam("seq")).order_by(audit.c.seq.desc())
    return query.where(GIVEN_PLACE > PLACE).order_by(*(column.desc() for column in PLACE))


def asked(wanted: EntryFilter, after: ListPlace, limit: int) -> tuple[Shape, Values]:
    """Give the shape of the query, and the values that it is asked with."""
    since, until = wanted.times.since, wanted.times.until
    values: dict[str, object] = {"act": wanted.act, "subject": wanted.subject, "account_id": wanted.account_id}
    values |= {"since": ms(since) if since else None, "until": ms(until) if until else None}
    given = frozenset(name for name, value in values.items() if value not in {"", None})
    names = {role.value: Evidence.staff(role=role, account_id=wanted.staff_id).text for role in Role}
    place = {"at": after.at_ms, "seq": after.seq, "limit": limit}
    values["account_id"] = wanted.account_id or after.account_id
    return (given | ({"agent"} if wanted.staff_id else set()), wanted.actor, wanted.outcome), {
        **values,
        **names,
        **place,
    }


class StoredEntries:
    """The EntryReads port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def found(self, wanted: EntryFilter, after: ListPlace, limit: int) -> Sequence[ChainedEntry]:
        """Read entries that a filter lets through, the newest first, that come after a place."""
        shape, values = asked(wanted, after, limit)
        return [chained(row) for row in await self._database.fetch(statement_of(shape), values)]
