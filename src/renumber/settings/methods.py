"""The ways to confirm a sign-in that the operator offers."""

from renumber.domain.factor import Factor
from renumber.policies.methods import STRONGEST_FIRST, Methods
from renumber.settings.writing import written


def methods(given: str) -> Methods:
    """Parse names in order of preference: each once, and at least one that can be used day after day."""
    names = [name.strip() for name in given.split(",") if name.strip()]
    if unknown := [name for name in names if name not in STRONGEST_FIRST]:
        raise ValueError(f"write names out of {written(STRONGEST_FIRST)}; {unknown[0]} is none of them")
    if len(set(names)) < len(names):
        raise ValueError("name each method once")
    if set(names) <= {Factor.RECOVERY_CODE}:
        raise ValueError("name at least one method besides recovery-code, which is for emergencies")
    return tuple(Factor(name) for name in names)
