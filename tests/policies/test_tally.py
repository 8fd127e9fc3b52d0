"""Equal refusals of an hour are one row and a number, whoever causes them; nothing is lost of the number."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.domain.actor import Actor
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal
from renumber.flows.consequences import closing, in_rows
from renumber.flows.ports.store import AuditEntry
from renumber.policies.tally import BY_HAND, COUNTED_FOR, GUESSES, MOST_ROWS, Tally

BEGIN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
COUNTED = "refusals_counted"
STRANGERS = sorted(set(Actor) - BY_HAND)
TIMES = 300


def an_entry(act: str, at: datetime = BEGIN, actor: Actor = Actor.VISITOR, evidence: str = "") -> AuditEntry:
    """Something that is to be written down."""
    return AuditEntry(at=at, actor=actor, act=act, subject="", evidence=evidence, browser="Firefox", ip="192.0.2.1")


@pytest.mark.parametrize("actor", STRANGERS)
@pytest.mark.parametrize("refusal", sorted(set(Refusal) - GUESSES))
def test_a_refusal_that_is_repeated_is_one_row_and_one_count_an_hour(refusal: Refusal, actor: Actor) -> None:
    act = f"refused:{refusal}"
    hour = [an_entry(act, BEGIN + timedelta(seconds=10 * turn), actor) for turn in range(TIMES)]
    later = an_entry("signed_in", BEGIN + COUNTED_FOR)

    rows, tally = in_rows(Tally(), hour)
    more, fresh = in_rows(tally, [later])

    assert rows == hour[:1]
    assert [row.act for row in more] == [COUNTED, "signed_in"]
    assert more[0].evidence == f"since 2026-11-24T08:00:00Z: {TIMES - 1} more {act}"
    assert fresh == Tally()


@pytest.mark.parametrize("refusal", sorted(GUESSES))
def test_a_guess_is_a_row_each_time(refusal: Refusal) -> None:
    guesses = [an_entry(f"refused:{refusal}") for _ in range(TIMES)]

    assert in_rows(Tally(), guesses) == (guesses, Tally())


@pytest.mark.parametrize("fact", sorted(set(Fact) - {Fact.PASSKEY_CLONED}))
def test_what_came_true_is_a_row_each_time(fact: Fact) -> None:
    acts = [an_entry(fact) for _ in range(TIMES)]

    assert in_rows(Tally(), acts) == (acts, Tally())


def test_a_copied_passkey_that_is_shown_again_and_again_is_counted_with_its_refusal() -> None:
    shown = [an_entry(act) for _ in range(TIMES) for act in (Fact.PASSKEY_CLONED, "refused:passkey_cloned")]

    rows, tally = in_rows(Tally(), shown)

    assert rows == shown[:2]
    assert tally.again == {"passkey_cloned": TIMES - 1, "refused:passkey_cloned": TIMES - 1}


@pytest.mark.parametrize("actor", sorted(BY_HAND))
def test_what_an_operator_was_refused_is_a_row_each_time(actor: Actor) -> None:
    entries = [an_entry("refused:account_frozen", actor=actor) for _ in range(TIMES)]

    assert in_rows(Tally(), entries) == (entries, Tally())


def test_on_other_evidence_the_same_refusal_is_another_and_yet_there_is_an_end() -> None:
    entries = [an_entry("refused:link_used", evidence=f"link {number}") for number in range(TIMES)]

    rows, tally = in_rows(Tally(), entries)

    assert rows == entries[:MOST_ROWS]
    assert tally.again == {"refused:link_used": TIMES - MOST_ROWS}


ACTS = st.sampled_from(["refused:link_unknown", "refused:send_limit_reached", "refused:wrong_code", "signed_in"])


@given(st.lists(st.tuples(st.integers(0, 1500), ACTS, st.integers(0, 2)), max_size=60))
def test_whatever_happens_every_refusal_is_a_row_or_counted_and_an_hour_has_few_rows(
    happened: list[tuple[int, str, int]],
) -> None:
    now, tally, written, entries = BEGIN, Tally(), list[AuditEntry](), list[AuditEntry]()
    for seconds, act, evidence in happened:
        now += timedelta(seconds=seconds)
        entries.append(an_entry(act, now, evidence=str(evidence)))
        rows, tally = in_rows(tally, entries[-1:])
        written += rows
    written += closing(tally, now)

    for act in ("refused:link_unknown", "refused:send_limit_reached", "refused:wrong_code", "signed_in"):
        counted = sum(_times(row, act) for row in written if row.act == COUNTED)
        assert sum(row.act == act for row in written) + counted == sum(entry.act == act for entry in entries)
    counts = [row.at for row in written if row.act == COUNTED][:-1]
    assert all(later - earlier >= COUNTED_FOR for earlier, later in pairwise(counts))
    assert [row.at for row in written] == sorted(row.at for row in written)


def _times(row: AuditEntry, act: str) -> int:
    counts = row.evidence.partition("Z: ")[2].split(", ")
    return sum(int(count.split()[0]) for count in counts if count.endswith(f" more {act}"))
