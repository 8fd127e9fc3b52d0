"""Counting right and wrong proofs of one factor, whatever it is proven with."""

from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.act import Act
from renumber.policies.methods import SECOND_FACTORS


async def status_of(act: Act, factor: Factor) -> FactorStatus:
    """Load the count of a factor, which outlives what it counts (NIST 3.2.2)."""
    status = await act.work.load(FactorStatus, factor)
    if status is None:
        return FactorStatus(account_id=act.account.account_id, factor=factor)
    return status.resume(act.now, paused_for=act.limits.release_paused_for)


def keep_status(act: Act, status: FactorStatus) -> None:
    """Save the count, and let the account know whether the factor takes proofs."""
    act.keep(status, act.account.mirror_status(status))


async def restore_suspended(act: Act) -> None:
    """Open what wrong codes have suspended, now that another factor was proven (NIST 3.2.2); the lost stay closed."""
    for factor in sorted(act.account.suspended):
        _keep_opened(act, factor, (await status_of(act, factor)).restore_by_another())


async def restore(act: Act, *factors: Factor) -> None:
    """Open those of these factors that wrong codes have suspended, on the word of the mailbox."""
    for factor in factors:
        _keep_opened(act, factor, (await status_of(act, factor)).restore())


def _keep_opened(act: Act, factor: Factor, step: Step[FactorStatus]) -> None:
    if step.facts:
        keep_status(act, step.state)
        act.on_factor(factor).record(*step.facts)


def record_failure(act: Act, status: FactorStatus) -> Step[FactorStatus]:
    """Count a wrong proof, by the operator's limits."""
    limits = act.limits
    return status.record_failure(
        act.now, warn_after=limits.warn_after, suspend_after=limits.suspend_after, ceiling=limits.guess_ceiling
    )


def first_failure(counted: Step[FactorStatus]) -> tuple[Fact, ...]:
    """A wrong factor after a right password is told once a row, not six times (ASVS 6.3.5)."""
    told = counted.state.factor in SECOND_FACTORS and counted.state.wrong_in_a_row == 1
    return (Fact.WRONG_FACTOR_GIVEN,) if told else ()


async def count_attempt(act: Act, factor: Factor, *, refusal: Refusal | None) -> Step[None]:
    """Count one comparison that was made, and refuse if it was wrong; a suspended factor is never compared."""
    status = await status_of(act, factor)
    counted = record_failure(act, status) if refusal else status.record_success(act.now)
    keep_status(act, counted.state)
    facts = (*counted.facts, *first_failure(counted))
    said = _what_weighs_more(refusal, counted.refusal)
    if said:
        return act.on_factor(factor).refuse(said, facts=facts, tries_left=counted.tries_left)
    return act.on_factor(factor).done(None, *facts)


def _what_weighs_more(refusal: Refusal | None, counted: Refusal | None) -> Refusal | None:
    """A suspension is said before all; else the exact reason, and of a mere wrong code how near its end is."""
    if counted in (Refusal.FACTOR_SUSPENDED, Refusal.FACTOR_DISABLED) or refusal in (None, Refusal.WRONG_CODE):
        return counted
    return refusal
