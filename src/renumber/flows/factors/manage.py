"""Changing the factors of an account, in a fresh session: what may be done, what is told, and what ends."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import wraps

from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.passkey import Passkey
from renumber.domain.push.device import Device
from renumber.flows.account.mailed_password import bar_of_doubt
from renumber.flows.act import Act, Called, P, SessionAct, T, Written, in_session
from renumber.flows.attempts import keep_status, status_of
from renumber.flows.consequences import end_sessions
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.session_holder import Holder
from renumber.policies.assurance import may_manage_factors, may_remove_factor, may_remove_one, may_replace
from renumber.policies.cooling_off import is_new
from renumber.policies.limits import told_allowances
from renumber.policies.methods import may_add


def managing(factor: Factor) -> Callable[[Written[SessionAct, P, T]], Called[Holder, P, T | None]]:
    """Open the account for a session with its second factor and a fresh authentication, to change this factor."""

    def opening(act: Written[SessionAct, P, T]) -> Called[Holder, P, T | None]:
        @in_session
        @wraps(act)
        async def opened(session: SessionAct, /, *args: P.args, **more: P.kwargs) -> Step[T | None]:
            about = about_factor(session, factor)
            refusal = may_manage(about)
            return about.refuse(refusal) if refusal else await act(about, *args, **more)

        return opened

    return opening


def removing(factor: Factor) -> Callable[[Written[SessionAct, P, T]], Called[Holder, P, T | None]]:
    """The same for one that is to be taken away: a password that was renewed by mail has to be proven for that."""

    def opening(act: Written[SessionAct, P, T]) -> Called[Holder, P, T | None]:
        @managing(factor)
        @wraps(act)
        async def opened(about: SessionAct, /, *args: P.args, **more: P.kwargs) -> Step[T | None]:
            refusal = await bar_of_doubt(about)
            return about.refuse(refusal) if refusal else await act(about, *args, **more)

        return opened

    return opening


def adding(factor: Factor) -> Callable[[Written[SessionAct, P, T]], Called[Holder, P, T | None]]:
    """The same for a method that is to be added: the operator has to offer it."""

    def opening(act: Written[SessionAct, P, T]) -> Called[Holder, P, T | None]:
        @managing(factor)
        @wraps(act)
        async def opened(about: SessionAct, /, *args: P.args, **more: P.kwargs) -> Step[T | None]:
            refusal = may_add(factor, methods=about.services.rules.methods)
            return about.refuse(refusal) if refusal else await act(about, *args, **more)

        return opened

    return opening


def about_factor(act: SessionAct, factor: Factor) -> SessionAct:
    """The same act, on this factor."""
    return replace(act, subject=factor.value).on_factor(factor)


def may_manage(act: SessionAct) -> Refusal | None:
    """Judge whether the session may change what its account is confirmed with."""
    return may_manage_factors(act.account, act.session, act.now, fresh_for=act.limits.fresh_for)


async def turn_to_tell(act: SessionAct) -> Refusal | None:
    """Count an act that every channel is told of, or refuse it: each text costs money."""
    keys = act.services.secrets.fingerprints(KeyedHash.ACTS_TOLD, act.account.account_id)
    open_at = await act.work.take([Quota(keys, told_allowances(act.limits))], act.now)
    return Refusal.SEND_LIMIT_REACHED if open_at else None


async def may_exchange(act: SessionAct, factor: Factor, made_at: datetime | None) -> Refusal | None:
    """Judge whether the one in use, made then, may give its place to another: that takes it away."""
    doubt = await bar_of_doubt(act) if made_at and factor in act.account.factors else None
    return doubt or may_replace(act.account, factor, act.now, made_at=made_at, hold_for=act.limits.hold_for)


async def bind(act: SessionAct, factor: Factor) -> tuple[Fact, ...]:
    """Bind a factor that was just proven: its count begins anew, other sessions end; what is to be told is returned."""
    status = await status_of(act, factor)
    keep_status(act, status.bind(act.now, is_first=factor not in act.account.factors))
    step = act.account.add_factor(factor, act.now)
    act.keep(step.state)
    end_others(act)
    return step.facts


async def unbind(act: SessionAct, factor: Factor, made_at: datetime | None) -> Step[None]:
    """Take a factor away, unless it stood before a recent change, or nothing that lasts would be left."""
    new = await new_factors(act)
    refusal = may_remove_factor(act.account, factor, act.now, made_at=made_at, hold_for=act.limits.hold_for, new=new)
    if refusal:
        return act.refuse(refusal)
    step = act.account.remove_factor(factor)
    act.keep(step.state)
    end_others(act)
    return act.done(None, *step.facts)


async def new_factors(act: Act) -> frozenset[Factor]:
    """Find the factors that were bound so recently that they vouch for nothing."""
    statuses = await act.work.load_all(FactorStatus)
    bound_at = {status.factor: status.bound_at for status in statuses if status.factor in act.account.factors}
    bound_at[Factor.PHONE] = act.account.number_changed_at
    return frozenset(factor for factor, at in bound_at.items() if is_new(at, act.now, act.limits.hold_for))


def unbind_one(act: SessionAct, factor: Factor, made_at: datetime) -> Step[None]:
    """Take one of several away, such as one passkey of two: the method itself stays."""
    refusal = may_remove_one(act.account, factor, act.now, made_at=made_at, hold_for=act.limits.hold_for)
    if refusal:
        return act.refuse(refusal)
    end_others(act)
    return act.done(None, Fact.FACTOR_REMOVED)


async def unbind_among(
    act: SessionAct, factor: Factor, one: Passkey | Device, *, others: Sequence[Passkey | Device]
) -> Step[None]:
    """Take one away; the method stays if that leaves a trusted one behind, or any where this one was lost too.

    With the last trusted one the method goes, and so do those that were lost.
    """
    status = await status_of(act, factor)
    stays = any(status.trusts(other.made_at) or not status.trusts(one.made_at) for other in others)
    going = (one,) if stays else (one, *others)
    oldest_at = min(each.made_at for each in going)
    step = unbind_one(act, factor, oldest_at) if stays else await unbind(act, factor, oldest_at)
    act.keep(*(each.remove(act.now) for each in going if step.refusal is None))
    return step


def end_others(act: SessionAct) -> None:
    """End the account's other sessions: whoever sits in one may be why the owner does this (ASVS 7.4.3)."""
    end_sessions(act, keeping=act.session.session_id)
