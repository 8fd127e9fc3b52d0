"""Somebody on the phone, with the page of their check."""

from dataclasses import dataclass

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Step
from renumber.domain.support.caller_check import CallerCheck
from renumber.flows.services import Client
from renumber.flows.support.caller.answer import answer_check, choose_method, deny_call
from renumber.flows.support.caller.ask import ask_caller
from renumber.flows.support.caller.opening import CallerTicket, number_of, open_by_link, open_by_number
from renumber.flows.support.caller.views import CheckPage, look_at_check
from renumber.policies.support.caller import CallerStand, caller_stand
from renumber.store.support.caller_reads import StoredCallerReads
from tests.flows.person import Person
from tests.flows.support.staff import Colleague
from tests.flows.world import World

AT_THE_PHONE = Client(ip="198.51.100.9", browser="Safari on iPhone", browser_id="c" * 32)


@dataclass
class Caller:
    """Somebody who is on the phone, whoever they are; `ticket` is the check that their browser holds."""

    world: World
    client: Client = AT_THE_PHONE
    ticket: CallerTicket | None = None

    @property
    def reads(self) -> StoredCallerReads:
        return StoredCallerReads(self.world.database, self.world.keys)

    @property
    def held(self) -> CallerTicket:
        assert self.ticket, "a check was opened"
        return self.ticket

    async def type_number(self, number: str) -> Step[CallerTicket | None]:
        step = await open_by_number(self.world.services, self.client, self.reads, number=number)
        self.ticket = step.state or self.ticket
        return step

    async def press_link(self, token: str) -> Step[CallerTicket | None]:
        step = await open_by_link(self.world.services, self.client, token)
        self.ticket = step.state or self.ticket
        return step

    async def choose(self, method: Factor) -> Step[CallerCheck | None]:
        return await choose_method(self.world.services, self.client, self.held, method)

    async def answer(self, typed: str) -> Step[CallerCheck | None]:
        return await answer_check(self.world.services, self.client, self.held, typed)

    async def deny(self) -> Step[CallerCheck | None]:
        return await deny_call(self.world.services, self.client, self.held)

    async def page(self) -> CheckPage | None:
        return await look_at_check(self.world.services, self.reads, self.held)


async def asked(agent: Colleague, person: Person) -> str:
    """Have an agent ask; the number is what they read out."""
    step = await agent.do(ask_caller, person)
    assert step.refusal is None, step.refusal
    return number_of(agent.world.services, step.state)


async def a_caller(agent: Colleague, person: Person) -> Caller:
    """Somebody who has typed the number that an agent has read out to them."""
    caller = Caller(agent.world)
    assert (await caller.type_number(await asked(agent, person))).refusal is None
    return caller


async def newest_check(world: World, person: Person) -> CallerCheck | None:
    """The account's check as it was last committed."""
    return await StoredCallerReads(world.database, world.keys).check(person.account_id)


async def stand_of(world: World, person: Person) -> CallerStand:
    """How the caller stands at the console."""
    return caller_stand(await newest_check(world, person), world.clock.time, world.services.rules.caller)
