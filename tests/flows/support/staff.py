"""Somebody of staff, who does what the console does, each act one flow."""

from dataclasses import dataclass
from typing import Any

from renumber.domain.outcomes import Step
from renumber.domain.support.case_evidence import EvidenceKind
from renumber.domain.support.staff import Role, Staff, StaffRequest
from renumber.flows.services import Client
from renumber.flows.support.cases import add_evidence, approve_case, open_case, submit_case
from renumber.flows.support.staff import give_role
from tests.flows.person import Person, a_person
from tests.flows.world import World

BROWSER = Client(ip="203.0.113.77", browser="Firefox on Linux", browser_id="d" * 32)


@dataclass
class Colleague:
    """Somebody with a role."""

    world: World
    staff: Staff

    async def do(self, act: Any, person: Person, *more: Any, reason: str = "They called.") -> Step[Any]:
        """Do something to somebody's account."""
        asked = StaffRequest(staff=self.staff, account_id=person.account_id, reason=reason)
        step: Step[Any] = await act(self.world.services, BROWSER, asked, *more)
        return step


async def a_colleague(world: World, role: Role, name: str = "") -> Colleague:
    """Enter somebody, and give them a role."""
    person = await a_person(world, f"{name or role}@support.example", None)
    await give_role(world.services, Client(operator="the-operator"), person.account_id, role)
    return Colleague(world, Staff(person.account_id, role))


async def an_approved_case(world: World, erika: Person) -> Colleague:
    """An agent opens a case with a document and a call, and a reviewer approves it, who is given back."""
    agent, reviewer = await a_colleague(world, Role.AGENT), await a_colleague(world, Role.REVIEWER)
    for act, more in (
        (open_case, ()),
        (add_evidence, (EvidenceKind.DOCUMENT,)),
        (add_evidence, (EvidenceKind.CALL_BACK,)),
        (submit_case, ()),
    ):
        assert (await agent.do(act, erika, *more)).refusal is None
    assert (await reviewer.do(approve_case, erika)).refusal is None
    return reviewer
