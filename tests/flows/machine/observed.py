"""One act as it was seen from outside: who did what, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState, PhoneChange
from renumber.domain.phone_number import PhoneNumber
from tests.flows.machine.actors import Actor
from tests.flows.machine.snapshot import Snapshot
from tests.flows.person import Browser
from tests.flows.world import Received


@dataclass
class ObservedAct:
    """Who did what, whether it was refused, and what was sent because of it."""

    actor: Actor
    verb: str
    refusal: Refusal | None
    before: Snapshot
    after: Snapshot
    messages: list[Received]
    at: datetime
    number: PhoneNumber | None = None
    token: str = ""
    code: str = ""
    browser: Browser | None = None

    @property
    def taken(self) -> bool:
        """Whether it was done."""
        return self.refusal is None

    def did(self, *verbs: str) -> bool:
        """Whether one of these was done."""
        return self.taken and self.verb in verbs

    def told(self, notice: Notice, to: str) -> bool:
        """Whether this notice went to this address."""
        return any(one.notice is notice and one.to == to for one in self.messages)

    @property
    def completed(self) -> PhoneChange:
        """The one change that this act completed."""
        done = [one for one in self.after.changes.values() if one.state is ChangeState.COMPLETED]
        [change] = [one for one in done if self.before.changes[one.change_id].is_open]
        return change
