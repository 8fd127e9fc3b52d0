"""Refusals that come again and again are written down once an hour, and then as a number.

Whoever is refused can ask again as often as they like, and shall not make a history grow by it. A guess is a row each
time: what was tried, and from where, matters, and the limits on guesses bound how many there can be.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from renumber.domain.actor import Actor
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal

COUNTED_FOR = timedelta(hours=1)
MOST_ROWS = 32  # of refusals in an hour, however many links and sessions they are refused to
BY_HAND = frozenset({Actor.OPERATOR, Actor.SYSTEM})  # nobody else makes these act
GUESSES = frozenset(
    {
        Refusal.WRONG_CREDENTIALS,
        Refusal.WRONG_CODE,
        Refusal.WRONG_CODE_WARNED,
        Refusal.WRONG_APP_CODE,
        Refusal.WRONG_PASSKEY,
        Refusal.WRONG_DIGITS,
        Refusal.CALLER_NOT_PROVEN,
    }
)
REFUSED = "refused:"
_GUESSED = frozenset(f"{REFUSED}{refusal}" for refusal in GUESSES)
_REPEATED = frozenset({Fact.PASSKEY_CLONED.value})  # comes with its refusal, as often as a copy is shown


def is_counted(act: str, actor: Actor) -> bool:
    """Say whether an act of the history is written down once an hour, and then counted."""
    return actor not in BY_HAND and (act in _REPEATED or (act.startswith(REFUSED) and act not in _GUESSED))


@dataclass(frozen=True, slots=True)
class Tally:
    """The refusals of one account within an hour: which have their row, and how often they came again."""

    since: datetime | None = None
    seen: frozenset[str] = frozenset()
    again: Mapping[str, int] = field(default_factory=dict)

    @property
    def until(self) -> datetime | None:
        """The end of the hour, if there is something to write down then."""
        return self.since + COUNTED_FOR if self.since and self.again else None

    def is_over(self, now: datetime) -> bool:
        """Say whether the hour is over."""
        return self.since is not None and now >= self.since + COUNTED_FOR

    def add(self, act: str, kind: str, now: datetime) -> tuple["Tally", bool]:
        """Count an act, and say whether it has to have a row: the first of its kind, while there is room."""
        if kind not in self.seen and len(self.seen) < MOST_ROWS:
            return replace(self, since=self.since or now, seen=self.seen | {kind}), True
        return replace(self, again={**self.again, act: self.again.get(act, 0) + 1}), False
