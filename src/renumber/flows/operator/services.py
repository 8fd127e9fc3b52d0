"""The ports that an operator's acts need beside those of every flow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from renumber.domain.account import Account
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.account.erase import Erasure
from renumber.flows.operator.kept_answers import CallQuotas, KeptAnswers
from renumber.flows.operator.read_meter import ReadMeter
from renumber.flows.organisations.ports import NewOrganisations
from renumber.flows.ports.events import EventReads
from renumber.flows.ports.store import NewAccounts
from renumber.flows.ports.streams import Streams


class AccountPages(Protocol):
    """Reads accounts in pages, in the order of their ids, without locks; what is erased is left out."""

    async def all(self, after: str, limit: int) -> Sequence[Account]:
        """Read the accounts that come after an id."""

    async def of_number(self, number: PhoneNumber, after: str, limit: int) -> Sequence[Account]:
        """Read the accounts of a number that come after an id; several may share one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorServices:
    """The ports that add, erase and list accounts, keep answers, count calls, read events and keep streams."""

    new_accounts: NewAccounts
    new_organisations: NewOrganisations
    erasure: Erasure
    pages: AccountPages
    answers: KeptAnswers
    quotas: CallQuotas
    reads: ReadMeter
    events: EventReads
    streams: Streams
