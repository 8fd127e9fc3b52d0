"""Counting right and wrong proofs of one factor, whatever it is proven with."""

from dataclasses import replace

from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.flows.consequences import Scene, conclude
from renumber.flows.ports.store import UnitOfWork
from renumber.policies.methods import SECOND_FACTORS


async def status_of(work: UnitOfWork, scene: Scene, factor: Factor) -> FactorStatus:
    """The count of a factor, which outlives what it counts (NIST 3.2.2)."""
    return await work.load(FactorStatus, factor) or FactorStatus(scene.account.account_id, factor)


def keep_status(work: UnitOfWork, tries: FactorStatus) -> None:
    """Keep the count, and let the account know whether the factor takes proofs."""
    work.keep(tries, work.account.mirror_status(tries))


async def restore_suspended(work: UnitOfWork, scene: Scene) -> None:
    """Open what wrong codes have suspended, now that another factor was proven (NIST 3.2.2); the lost stay closed."""
    for factor in sorted(work.account.suspended):
        step = (await status_of(work, scene, factor)).restore()
        if step.facts:
            keep_status(work, step.state)
            conclude(work, about_factor(scene, factor), step.facts)


def record_failure(scene: Scene, tries: FactorStatus) -> Step[FactorStatus]:
    """Count a wrong proof."""
    limits = scene.services.rules.limits
    return tries.record_failure(scene.now, warn_after=limits.warn_after, suspend_after=limits.suspend_after)


def about_factor(scene: Scene, factor: Factor) -> Scene:
    """A scene whose messages name the factor."""
    return replace(scene, extra={**scene.extra, "factor": factor.value})


def first_failure(counted: Step[FactorStatus]) -> tuple[Fact, ...]:
    """A wrong factor after a right password is told once a row, not six times (ASVS 6.3.5)."""
    told = counted.state.factor in SECOND_FACTORS and counted.state.wrong_in_a_row == 1
    return (Fact.WRONG_FACTOR_GIVEN,) if told else ()


async def count(work: UnitOfWork, scene: Scene, factor: Factor, *, refusal: Refusal | None) -> Step[FactorStatus]:
    """Count one comparison that was made, and say what follows; a suspended factor is asked before comparing."""
    tries = await status_of(work, scene, factor)
    counted = record_failure(scene, tries) if refusal else tries.record_success(scene.now)
    keep_status(work, counted.state)
    said = counted.refusal if refusal in (None, Refusal.WRONG_CODE) else refusal
    if counted.refusal is Refusal.FACTOR_SUSPENDED:
        said = counted.refusal
    conclude(work, about_factor(scene, factor), (*counted.facts, *first_failure(counted)), refusal=said)
    return replace(counted, refusal=said)
