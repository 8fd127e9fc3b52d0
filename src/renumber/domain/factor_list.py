"""The second factors of an account as its owner sees them listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from renumber.domain.factor import Factor


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorItem:
    """One device, passkey or app, or the recovery codes; `left` counts what is left of these."""

    factor: Factor
    key: str
    made_at: datetime
    last_used_at: datetime | None = None
    name: str = field(default="", repr=False)
    left: int | None = None


@dataclass(frozen=True, slots=True)
class FactorList:
    """All items, oldest first, with the last use and the loss of each factor as a whole."""

    items: Sequence[FactorItem] = ()
    used_at: Mapping[Factor, datetime] = field(default_factory=dict)
    lost_at: Mapping[Factor, datetime] = field(default_factory=dict)

    def of(self, factor: Factor) -> list[FactorItem]:
        """The items of one factor."""
        return [item for item in self.items if item.factor is factor]

    def is_lost(self, item: FactorItem) -> bool:
        """True if the item was there when one of its kind was reported lost."""
        lost_at = self.lost_at.get(item.factor)
        return lost_at is not None and item.made_at <= lost_at
