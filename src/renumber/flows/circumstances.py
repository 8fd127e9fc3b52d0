"""The circumstances of an act: who acts on whose account, from where, on which evidence, about what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.actor import Actor
from renumber.domain.evidence import Evidence
from renumber.domain.messages.message import Derived
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.services import Client, Services
from renumber.policies.limits import Limits

NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Around an act: who acts on whose account, from where, on which evidence, about what.

    `number` is the number that messages speak of, if it isn't the account's; `action` the link that a mail's button
    follows, until `action_until`; `extra` what the messages of this act say besides; `addressed` the account as it was
    for those who have to be told, where the act has just taken their address away.
    """

    services: Services
    limits: Limits
    client: Client
    work: UnitOfWork
    now: datetime
    actor: Actor
    evidence: Evidence = NO_EVIDENCE
    subject: str = ""
    number: PhoneNumber | None = field(default=None, repr=False)
    action: Derived | None = None
    action_until: datetime | None = None
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)
    addressed: Account | None = field(default=None, repr=False)

    @property
    def account(self) -> Account:
        """The account as it is now, with all that was kept so far."""
        return self.work.account

    def params(self) -> dict[str, str]:
        """The parameters that every message may use; numbers only masked."""
        account = self.addressed or self.account
        number = self.number or account.number
        return {
            "name": account.name,
            "at": self.now.isoformat(),
            "time_zone": self.client.time_zone,
            "browser": self.client.browser,
            "ip": self.client.ip,
            "number": number.masked if number else "",
            **self.extra,
        }
