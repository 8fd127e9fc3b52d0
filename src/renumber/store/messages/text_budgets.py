"""Notices by text, each as far as the budget of its number goes: at once, or joined into one that goes out later.

It happens under the account's lock and in its transaction, so that parallel acts share one count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from renumber.domain.messages.link import Link
from renumber.domain.messages.message import Message, TextBudget
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import TextNotice
from renumber.policies.notices import WORTH_TELLING_FOR
from renumber.store.database.open import Row, Transaction
from renumber.store.database.statement import Write
from renumber.store.messages import outbox
from renumber.store.records import text_budgets
from renumber.store.records.mapper import Cells, Sealer


@dataclass(slots=True)
class Admitted:
    """The messages to be written of some notices, with their links and the statements that count them."""

    messages: list[Message] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)


async def admit(
    tx: Transaction, sealer: Sealer, texts: Sequence[TextNotice], *, budgets: Sequence[Cells] | None
) -> Admitted:
    """Count the texts of one account, number by number; `budgets` are its rows, if they were read before."""
    rows: Sequence[Cells | Row] | None = budgets
    if rows is None:
        rows = await tx.fetch(text_budgets.LOAD, {"account_id": texts[0].message.account_id})
    found, admitted = {bytes(row["number_key"]): text_budgets.from_row(row) for row in rows}, Admitted()
    for number in dict.fromkeys(text.message.to for text in texts):
        own = [text for text in texts if text.message.to == number]
        await _admit(tx, sealer, admitted, budgets=found, texts=own)
    return admitted


async def _admit(
    tx: Transaction,
    sealer: Sealer,
    admitted: Admitted,
    *,
    budgets: Mapping[bytes, TextBudget],
    texts: Sequence[TextNotice],
) -> None:
    before, over = _find(budgets, sealer, texts[0].message)
    budget, joined = before, None
    for text in texts:
        budget, goes_out = _tell(budget, text)
        if goes_out:
            admitted.messages.append(text.message)
            admitted.links += [text.link] if text.link else []
        else:
            joined = text
    if joined:
        budget = await _join(tx, sealer, admitted, budget=budget, text=joined)
    admitted.writes.append(text_budgets.saving(budget, over=over))


def _tell(budget: TextBudget, text: TextNotice) -> tuple[TextBudget, bool]:
    return budget.tell(text.message.created_at, text.allowed, burst_for=text.burst_for)


def _find(budgets: Mapping[bytes, TextBudget], sealer: Sealer, message: Message) -> tuple[TextBudget, bytes | None]:
    """Find the budget of a number, under the key before too: it goes on over a rotation."""
    keys = sealer.fingerprints(KeyedHash.TOLD_BY_TEXT, message.to)
    over = next((key for key in keys if key in budgets), None)
    kept = budgets[over] if over else TextBudget(account_id=message.account_id, number_key=keys[0])
    return replace(kept, number_key=keys[0]), over


async def _join(
    tx: Transaction, sealer: Sealer, admitted: Admitted, *, budget: TextBudget, text: TextNotice
) -> TextBudget:
    """Let the text that waits say one more, or write it; one that has left early is followed by another."""
    if budget.joined_id and await outbox.reword(tx, sealer, _saying(budget, text.joined, budget.joined_id)):
        return budget
    if budget.joined_id:
        budget, _ = _tell(budget.forget_joined(), text)
    return _begin(admitted, budget, text)


def _saying(budget: TextBudget, joined: Message, message_id: str) -> Message:
    return replace(joined, message_id=message_id, params={**joined.params, "more": str(budget.joined)})


def _begin(admitted: Admitted, budget: TextBudget, text: TextNotice) -> TextBudget:
    assert budget.joined_at is not None, "what is joined is due at a time"
    until = budget.joined_at + WORTH_TELLING_FOR
    message = replace(
        _saying(budget, text.joined, text.joined.message_id), created_at=budget.joined_at, expires_at=until
    )
    admitted.messages.append(message)
    admitted.links.append(text.joined_link)
    return replace(budget, joined_id=message.message_id)
