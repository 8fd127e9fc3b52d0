"""A run that verifies all chains: where it stands, so that it can be broken off and go on."""

from collections.abc import Callable
from dataclasses import dataclass

from renumber.store.audit.walk import Unsigned


@dataclass(slots=True)
class Run:
    """A run over all chains: the account up to which everything is verified, and what no checkpoint had vouched for.

    `kept` is called whenever the run has come further.
    """

    after: str = ""
    unsigned_rows: int = 0
    oldest_unsigned_at: int = 0
    kept: Callable[[], None] = lambda: None

    def reach(self, account_id: str, unsigned: Unsigned) -> None:
        """Note that all chains up to this account are verified."""
        self.after, self.unsigned_rows, self.oldest_unsigned_at = account_id, unsigned.rows, unsigned.oldest_at
        self.kept()
