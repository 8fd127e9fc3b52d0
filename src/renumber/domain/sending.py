"""A message on its way out: claimed by one dispatcher, and how the attempt ended."""

from dataclasses import dataclass
from datetime import datetime

from renumber.domain.message import Message


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that one dispatcher may send until its claim lapses; `provider` is the gateway to ask first."""

    message: Message
    attempts: int
    claim: str
    provider: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A gateway has accepted it."""

    provider_name: str


@dataclass(frozen=True, slots=True)
class Retry:
    """No gateway accepted it now; the reason holds no address, number or code."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Dead:
    """It will never be accepted, and an operator should see why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Expired:
    """It would come too late to be of use."""


Settlement = Sent | Retry | Dead | Expired
