"""Customer relations, whose acts are carried out on a running server's database, as its console would."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from harness.postgres import in_a_thread
from renumber.domain.support.case_evidence import EvidenceKind
from renumber.domain.support.staff import Role, Staff, StaffRequest
from renumber.flows.organisations.waiting import go_on_with_change
from renumber.flows.ports.services import Clock
from renumber.flows.services import Client, Services
from renumber.flows.support.accounts import cancel_change_by_staff, end_sessions_by_staff
from renumber.flows.support.caller.ask import ask_caller, ask_caller_by_mail
from renumber.flows.support.caller.opening import number_of
from renumber.flows.support.cases import add_evidence, approve_case, cancel_case, open_case, submit_case
from renumber.flows.support.recover import go_on_with_case
from renumber.settings import Settings
from renumber.wiring.core import assemble_core

if TYPE_CHECKING:
    from harness.person import Person
    from harness.server import Server

CLIENT = Client(browser="Firefox on Linux")
A_DAY = {"RENUMBER_RECOVERY_WAIT_WITHOUT_FACTOR": "24h"}
EARLIER = timedelta(hours=25)


@dataclass(frozen=True)
class Late:
    """A clock that is behind."""

    clock: Clock
    by: timedelta

    def now(self) -> datetime:
        return self.clock.now() - self.by


def help_with_a_case(server: "Server", person: "Person") -> None:
    """Let two people agree to a case whose wait is over."""
    agent, reviewer = _colleague(server, Role.AGENT), _colleague(server, Role.REVIEWER)

    async def act(services: Services) -> None:
        before = replace(services, clock=Late(services.clock, EARLIER))
        await _do(before, agent, person, open_case)
        for kind in (EvidenceKind.DOCUMENT, EvidenceKind.CALL_BACK):
            await _do(before, agent, person, add_evidence, kind)
        await _do(before, agent, person, submit_case)
        approved = await _do(before, reviewer, person, approve_case)
        assert (await go_on_with_case(services, person.account_id, approved.state.case_id)).refusal is None

    _on(server, act)


def cancel_all(server: "Server", person: "Person") -> None:
    """Cancel the change that somebody has asked for, sign them out, and cancel a case that is opened for them."""
    agent = _colleague(server, Role.AGENT)

    async def act(services: Services) -> None:
        await _do(services, agent, person, cancel_change_by_staff)
        await _do(services, agent, person, end_sessions_by_staff)
        await _do(services, agent, person, open_case)
        await _do(services, agent, person, cancel_case)

    _on(server, act)


def check_caller(server: "Server", person: "Person") -> str:
    """Ask somebody on the phone to prove themselves; gives the number that is read out to them."""
    agent, numbers = _colleague(server, Role.AGENT), []

    async def act(services: Services) -> None:
        step = await _do(services, agent, person, ask_caller)
        numbers.append(number_of(services, step.state))

    _on(server, act)
    return numbers[0]


def check_caller_by_mail(server: "Server", person: "Person") -> None:
    """Ask somebody on the phone to prove themselves, by a link to their mailbox."""
    agent = _colleague(server, Role.AGENT)

    async def act(services: Services) -> None:
        await _do(services, agent, person, ask_caller_by_mail)

    _on(server, act)


def end_wait(server: "Server", person: "Person") -> None:
    """Do what is due for a change whose company hasn't answered in time."""

    async def act(services: Services) -> None:
        change = await services.store.find_change(person.account_id)
        assert change
        assert (await go_on_with_change(services, person.account_id, change.change_id)).refusal is None

    _on(server, act)


def _colleague(server: "Server", role: Role) -> Staff:
    colleague = server.person(number=None)
    server.run("staff", "add", colleague.email, "--role", role.value)
    return Staff(colleague.account_id, role)


async def _do(services: Services, staff: Staff, person: "Person", act: Any, *more: Any) -> Any:
    asked = StaffRequest(staff=staff, account_id=person.account_id, reason="They called.")
    step = await act(services, CLIENT, asked, *more)
    assert step.refusal is None, step.refusal
    return step


def _on(server: "Server", act: Callable[[Services], Awaitable[None]]) -> None:
    in_a_thread(asyncio.run, _started(Settings.from_environment({**server.environment, **A_DAY}), act))


async def _started(settings: Settings, act: Callable[[Services], Awaitable[None]]) -> None:
    core = assemble_core(settings)
    await core.database.start()
    try:
        await act(core.services)
    finally:
        core.passwords.close()
        await core.database.close()
