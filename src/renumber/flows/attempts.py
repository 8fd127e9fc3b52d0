"""Counting right and wrong proofs of one factor, whatever it is proven with."""

from dataclasses import replace

from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.flows.consequences import Scene, conclude
from renumber.flows.ports.store import UnitOfWork
from renumber.policies.methods import SECOND_FACTORS


async def tries_of(work: UnitOfWork, scene: Scene, factor: Factor) -> FactorStatus:
    """The count of a factor, which outlives what it counts (NIST 3.2.2)."""
    return await work.load(FactorStatus, factor) or FactorStatus(scene.account.account_id, factor)


def settle(work: UnitOfWork, tries: FactorStatus) -> None:
    """Keep the count, and let the account know whether the factor takes proofs."""
    work.keep(tries, work.account.heed(tries))


async def reopen(work: UnitOfWork, scene: Scene) -> None:
    """Open what wrong codes have suspended, now that another factor was proven (NIST 3.2.2); the lost stay closed."""
    for factor in sorted(work.account.suspended):
        step = (await tries_of(work, scene, factor)).restore()
        if step.facts:
            settle(work, step.state)
            conclude(work, about_factor(scene, factor), step.facts)


def miss(scene: Scene, tries: FactorStatus) -> Step[FactorStatus]:
    """Count a wrong proof."""
    limits = scene.house.rules.limits
    return tries.miss(scene.now, warn_after=limits.warn_after, suspend_after=limits.suspend_after)


def about_factor(scene: Scene, factor: Factor) -> Scene:
    """A scene whose messages name the factor."""
    return replace(scene, extra={**scene.extra, "factor": factor.value})


def first_miss(counted: Step[FactorStatus]) -> tuple[Fact, ...]:
    """A wrong factor after a right password is told once a row, not six times (ASVS 6.3.5)."""
    told = counted.state.factor in SECOND_FACTORS and counted.state.wrong_in_a_row == 1
    return (Fact.WRONG_FACTOR_GIVEN,) if told else ()


async def count(work: UnitOfWork, scene: Scene, factor: Factor, *, refusal: Refusal | None) -> Step[FactorStatus]:
    """Count one comparison that was made, and say what follows; a suspended factor is asked before comparing."""
    tries = await tries_of(work, scene, factor)
    counted = miss(scene, tries) if refusal else tries.hit(scene.now)
    settle(work, counted.state)
    said = counted.refusal if refusal in (None, Refusal.WRONG_CODE) else refusal
    if counted.refusal is Refusal.FACTOR_SUSPENDED:
        said = counted.refusal
    conclude(work, about_factor(scene, factor), (*counted.facts, *first_miss(counted)), refusal=said)
    return replace(counted, refusal=said)
