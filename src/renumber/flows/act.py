"""The context of an act, its openings, and its two ways out.

An act is a function over an `Act`: one person, client or program does one thing to one account, which is locked. An
opening above the function says what it needs: a session, a sign-in, a link. It opens the unit of work, refuses whoever
has not what it takes, and commits what the act did. `done` and `refuse` are the only ways out; both write the history.
"""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Self, TypeVar, overload

from renumber.domain.actor import Actor
from renumber.domain.evidence import Evidence
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.facts import Fact
from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import PhoneChange
from renumber.domain.push.device import Device
from renumber.domain.session import Session, Ticket
from renumber.flows.circumstances import Circumstances
from renumber.flows.consequences import conclude, tell_applications
from renumber.flows.links import find_link
from renumber.flows.named_account import named_account
from renumber.flows.ports.kept import OPEN_CHANGE, Kept, Wanted
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.services import NOWHERE, Client, Services, nobody
from renumber.flows.session_holder import Bearer, Holder, held_session

P = ParamSpec("P")
T = TypeVar("T")
State = TypeVar("State", bound=Kept)
Context = TypeVar("Context", bound="Act")
Key = TypeVar("Key")
Written = Callable[Concatenate[Context, P], Awaitable[Step[T]]]  # an act as its file writes it
Called = Callable[Concatenate[Services, Client, Key, P], Coroutine[Any, Any, Step[T]]]  # and as pages call it


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Circumstances):
    """Something that is done to one account, which is locked until it is over."""

    def keep(self, *states: Kept) -> None:
        """Save these with the act, by compare-and-set; the end of a session is told to applications used in it."""
        self.work.keep(*states)
        if any(isinstance(each, Session) and each.ended_at == self.now for each in states):
            tell_applications(self)

    def on_factor(self, factor: Factor) -> Self:
        """The same act, with messages that name the factor."""
        return replace(self, extra={**self.extra, "factor": factor.value})

    def for_reason(self, given: str) -> Self:
        """The same act, for a reason that the history keeps."""
        return replace(self, evidence=self.evidence.with_reason(given))

    def record(self, *facts: Fact) -> None:
        """Write down what came true on the way."""
        conclude(self, facts)

    def done(self, state: T, *facts: Fact) -> Step[T]:
        """End well: write what came true, and hand over the state afterwards."""
        conclude(self, facts)
        return Step(state, facts)

    @overload
    def refuse(self, refusal: Refusal, **more: Any) -> Step[None]: ...
    @overload
    def refuse(self, refusal: Refusal, state: T, **more: Any) -> Step[T]: ...
    def refuse(self, refusal: Refusal, state: Any = None, *, facts: tuple[Fact, ...] = (), **more: Any) -> Step[Any]:
        """End with a refusal, which is written down as well; `more` are the tries left and when to come again."""
        conclude(self, facts, refusal)
        return Step(state, facts, refusal, **more)

    def carry_out(self, step: Step[State]) -> Step[State]:
        """Do what a verb of the domain has decided: save its state and write its facts, or refuse as it does."""
        if step.refusal is None or step.facts:
            self.keep(step.state)
        conclude(self, step.facts, step.refusal)
        return step


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAct(Act):
    """An act of the owner, signed in."""

    session: Session


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAct(Act):
    """An act of whoever has a link."""

    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAct(Act):
    """An act of the owner on an enrolled device, whose key has signed the request."""

    device: Device


def in_session(act: Written[SessionAct, P, T]) -> Called[Holder, P, T | None]:
    """Open the account for a live session, found by its cookie or by a token that was given in it."""

    @wraps(act)
    async def opened(
        services: Services, client: Client, holder: Holder, /, *args: P.args, **more: P.kwargs
    ) -> Step[T | None]:
        wanted = [Wanted(Session, holder.id), OPEN_CHANGE] if isinstance(holder, Ticket) else []
        async with named_account(services, holder.account_id, *wanted) as work:
            session = await held_session(work, services, holder)
            if session is None:
                return visitor(work, services, client).refuse(Refusal.SESSION_UNKNOWN)
            opening = session_act(work, services, client, session=session)
            if isinstance(holder, Bearer):
                opening = replace(opening, evidence=opening.evidence.with_client(holder.client_id))
            return await act(opening, *args, **more)

    return opened


def session_act(work: UnitOfWork, services: Services, client: Client, *, session: Session) -> SessionAct:
    """An act of the owner in this session."""
    return SessionAct(
        services=services,
        limits=services.rules.limits,
        client=client,
        work=work,
        now=services.clock.now(),
        actor=Actor.OWNER,
        evidence=Evidence.session(session_id=session.session_id, factor=session.factor),
        session=session,
    )


def visitor(work: UnitOfWork, services: Services, client: Client) -> Act:
    """An act of somebody who has shown nothing yet."""
    now, limits = services.clock.now(), services.rules.limits
    return Act(services=services, limits=limits, client=client, work=work, now=now, actor=Actor.VISITOR)


def as_visitor(act: Written[Act, P, T]) -> Called[str, P, T]:
    """Open an account, by its id, for somebody who has shown nothing yet; it may be nobody's."""

    @wraps(act)
    async def opened(
        services: Services, client: Client, account_id: str, /, *args: P.args, **more: P.kwargs
    ) -> Step[T]:
        async with named_account(services, account_id, OPEN_CHANGE, Wanted(FactorStatus, Factor.PHONE)) as work:
            return await act(visitor(work, services, client), *args, **more)

    return opened


def behind_link(*purposes: LinkPurpose) -> Callable[[Written[LinkAct, P, T]], Called[str, P, T | None]]:
    """Open the account that a link belongs to, found by its token; the link's state is up to the act."""

    def opening(act: Written[LinkAct, P, T]) -> Called[str, P, T | None]:
        @wraps(act)
        async def opened(
            services: Services, client: Client, token: str, /, *args: P.args, **more: P.kwargs
        ) -> Step[T | None]:
            found = await find_link(services, token, *purposes)
            account_id = found.account_id if found else nobody(services, token)
            async with named_account(services, account_id, *_wanted(found)) as work:
                if found is None or found.account_id != work.account.account_id:
                    return visitor(work, services, client).refuse(Refusal.LINK_UNKNOWN)
                return await act(await _link_act(work, services, client, found=found), *args, **more)

        return opened

    return opening


def _wanted(link: Link | None) -> list[Wanted]:
    """The link again, as it is once the account is locked, and the change that it is about."""
    if link is None:
        return []
    change = [Wanted(PhoneChange, link.subject)] if link.purpose is LinkPurpose.PHONE_CHANGE else []
    return [Wanted(Link, link.link_id), *change]


async def _link_act(work: UnitOfWork, services: Services, client: Client, *, found: Link) -> LinkAct:
    link = await work.load(Link, found.link_id) or found  # as it is now that the account is locked
    return LinkAct(
        services=services,
        limits=services.rules.limits,
        client=client,
        work=work,
        now=services.clock.now(),
        actor=Actor.VISITOR,
        evidence=Evidence.link(link_id=link.link_id),
        subject=link.subject,
        link=link,
    )


def by_device(act: Written[DeviceAct, P, T]) -> Called[Device, P, T | None]:
    """Open the account of a device whose key has signed the request."""

    @wraps(act)
    async def opened(
        services: Services, client: Client, device: Device, /, *args: P.args, **more: P.kwargs
    ) -> Step[T | None]:
        async with named_account(services, device.account_id) as work:
            if device.account_id != work.account.account_id:
                return visitor(work, services, client).refuse(Refusal.DEVICE_UNKNOWN)
            on_device = DeviceAct(
                services=services,
                limits=services.rules.limits,
                client=client,
                work=work,
                now=services.clock.now(),
                actor=Actor.OWNER,
                evidence=Evidence.device(device_id=device.device_id),
                subject=device.device_id,
                device=device,
            )
            return await act(on_device, *args, **more)

    return opened


def by_operator(act: Written[Act, P, T]) -> Called[str, P, T]:
    """Open an account, by its id, for the operator, whom the history names."""

    @wraps(act)
    async def opened(
        services: Services, client: Client, account_id: str, /, *args: P.args, **more: P.kwargs
    ) -> Step[T]:
        async with services.store.work(account_id) as work:
            named = replace(visitor(work, services, client), evidence=Evidence.operator(name=client.operator))
            return await act(replace(named, actor=Actor.OPERATOR), *args, **more)

    return opened


def by_system(act: Written[Act, P, T]) -> Callable[Concatenate[Services, str, P], Coroutine[Any, Any, Step[T]]]:
    """Open an account, by its id, for what nobody asks for."""

    @wraps(act)
    async def opened(services: Services, account_id: str, /, *args: P.args, **more: P.kwargs) -> Step[T]:
        async with services.store.work(account_id) as work:
            return await act(replace(visitor(work, services, NOWHERE), actor=Actor.SYSTEM), *args, **more)

    return opened
