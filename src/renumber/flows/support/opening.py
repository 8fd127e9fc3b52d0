"""The opening of an act by staff: the role may do it, the account is a customer's, and a reason is given."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from renumber.domain.actor import Actor
from renumber.domain.evidence import Evidence
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.staff import SLOT, Staff, StaffMember, StaffRequest
from renumber.flows.act import Act, Written
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.services import Client, Services
from renumber.policies.operator.account_texts import read_reason
from renumber.policies.support.acts import ON_ANYBODY, SupportAct, may

P = ParamSpec("P")
T = TypeVar("T")
CalledByStaff = Callable[Concatenate[Services, Client, StaffRequest, P], Coroutine[Any, Any, Step[T]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAct(Act):
    """An act of somebody of staff."""

    staff: Staff

    def params(self) -> dict[str, str]:
        """Messages don't say where somebody of staff sits, nor which browser they use."""
        return {**Act.params(self), "browser": "", "ip": "", "time_zone": ""}


def by_staff(kind: SupportAct) -> Callable[[Written[StaffAct, P, T]], CalledByStaff[P, T | None]]:
    """Open an account, by its id, for somebody of staff and for the reason that they give; the history keeps both.

    Whoever has no such role, names their own account or a colleague's (but to give and take roles), or gives no
    reason is refused, which is written down as well.
    """

    def opening(act: Written[StaffAct, P, T]) -> CalledByStaff[P, T | None]:
        @wraps(act)
        async def opened(
            services: Services, client: Client, asked: StaffRequest, /, *args: P.args, **more: P.kwargs
        ) -> Step[T | None]:
            async with services.store.work(asked.account_id) as work:
                about = _staff_act(work, services, client, asked=asked)
                refusal = await _bars(work, asked.staff, kind)
                given = read_reason(asked.reason)
                if refusal or given is None:
                    return about.refuse(refusal or Refusal.NEEDS_REASON)
                return await act(about.for_reason(given), *args, **more)

        return opened

    return opening


def at_desk(kind: SupportAct) -> Callable[[Written[StaffAct, P, T]], CalledByStaff[P, T | None]]:
    """Open the account of somebody of staff, whose history keeps what they do that is about no customer yet."""

    def opening(act: Written[StaffAct, P, T]) -> CalledByStaff[P, T | None]:
        @wraps(act)
        async def opened(
            services: Services, client: Client, asked: StaffRequest, /, *args: P.args, **more: P.kwargs
        ) -> Step[T | None]:
            async with services.store.work(asked.staff.account_id) as work:
                own, given = _staff_act(work, services, client, asked=asked), read_reason(asked.reason)
                if not may(asked.staff.role, kind):
                    return own.refuse(Refusal.NOT_YOUR_ROLE)
                if given is None:
                    return own.refuse(Refusal.NEEDS_REASON)
                return await act(own.for_reason(given), *args, **more)

        return opened

    return opening


def _staff_act(work: UnitOfWork, services: Services, client: Client, *, asked: StaffRequest) -> StaffAct:
    staff = asked.staff
    return StaffAct(
        services=services,
        limits=services.rules.limits,
        client=client,
        work=work,
        now=services.clock.now(),
        actor=Actor.AGENT,
        evidence=Evidence.staff(role=staff.role, account_id=staff.account_id),
        subject=asked.case_id,
        staff=staff,
    )


async def _bars(work: UnitOfWork, staff: Staff, kind: SupportAct) -> Refusal | None:
    """Say why this act isn't theirs to do on this account.

    Whoever comes from the company's provider may have an account here as well: their address says whose it is.
    """
    if not may(staff.role, kind):
        return Refusal.NOT_YOUR_ROLE
    namesake = await work.staff_with(work.account.email)
    if staff.account_id in (work.account.account_id, namesake):
        return Refusal.OWN_ACCOUNT
    if kind in ON_ANYBODY:
        return None
    member = await work.load(StaffMember, SLOT)
    return Refusal.STAFF_ACCOUNT if namesake or (member and member.is_active) else None
