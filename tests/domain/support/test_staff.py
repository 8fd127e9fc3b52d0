"""The role of an account: given by an operator, or by two administrators, and to nobody by themselves."""

import pytest

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.staff import Role, StaffMember, newcomer
from tests.builders import ACCOUNT, NOON

ANNA, BERT = "e" * 32, "f" * 32


def test_an_operator_gives_a_role_alone() -> None:
    given = newcomer(ACCOUNT).give(Role.AGENT, NOON, by="operator erika")

    assert (given.state.role, given.state.by, given.facts) == (
        Role.AGENT,
        "operator erika",
        (Fact.STAFF_ROLE_GIVEN,),
    )


@pytest.mark.parametrize(
    ("by", "refusal"),
    [(ANNA, Refusal.NEEDS_SECOND_PERSON), (ACCOUNT, Refusal.OWN_ACCOUNT), (BERT, None)],
)
def test_a_proposed_role_is_confirmed_by_another_administrator(by: str, refusal: Refusal | None) -> None:
    proposed = newcomer(ACCOUNT).propose(Role.REVIEWER, NOON, by=ANNA).state

    step = proposed.confirm(NOON, by=by)

    assert not proposed.is_active
    assert step.refusal is refusal
    assert step.state.role is (None if refusal else Role.REVIEWER)
    assert refusal or step.state.by == f"{ANNA}, {BERT}"


def test_nobody_raises_or_removes_themselves() -> None:
    member = StaffMember(account_id=ACCOUNT, role=Role.ADMINISTRATOR)

    assert member.propose(Role.AUDITOR, NOON, by=ACCOUNT) == Step(member, refusal=Refusal.OWN_ACCOUNT)
    assert member.remove(NOON, by=ACCOUNT) == Step(member, refusal=Refusal.OWN_ACCOUNT)


def test_a_role_is_taken_with_what_was_proposed_beside_it() -> None:
    member = StaffMember(account_id=ACCOUNT, role=Role.AGENT).propose(Role.REVIEWER, NOON, by=ANNA).state

    step = member.remove(NOON, by=ANNA)

    assert (step.state.role, step.state.proposed, step.facts) == (None, None, (Fact.STAFF_ROLE_REMOVED,))
    assert step.state.remove(NOON, by=ANNA).refusal is Refusal.NOT_STAFF
    assert step.state.confirm(NOON, by=BERT).refusal is Refusal.NOT_NOW
