"""The shapes of what the operator's API takes and gives; whatever a shape doesn't name is refused."""

from datetime import datetime
from typing import Annotated

import msgspec

from renumber.domain.account import AccountState
from renumber.flows.account.standing import ChangeStanding


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a program sends."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a program is given."""


AccountId = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$", description="The id of an account.")]
Masked = Annotated[str, msgspec.Meta(description="Masked: enough to recognise it, and not to write to it.")]


class Standing(Given, frozen=True, kw_only=True):
    """What a payment asks before it trusts the number of an account."""

    frozen: Annotated[bool, msgspec.Meta(description="Nobody can sign in until the account is released.")]
    change: Annotated[
        ChangeStanding,
        msgspec.Meta(description="`requested`: the link is on its way; `reset`: the number has been removed."),
    ]
    number_changed_at: Annotated[datetime | None, msgspec.Meta(description="When the present number was bound.")]
    hold_until: Annotated[
        datetime | None, msgspec.Meta(description="Until then the account counts as changed recently.")
    ]


class Account(Given, frozen=True, kw_only=True):
    """An account, with its address and its numbers masked."""

    account_id: AccountId
    name: str
    email: Masked
    number: Masked | None
    number_is_proven: Annotated[bool, msgspec.Meta(description="Somebody has shown possession of it here.")]
    state: AccountState
    language: str
    has_password: bool
    factors: Annotated[tuple[str, ...], msgspec.Meta(description="The second factors beside the number.")]
    created_at: datetime
    frozen_at: datetime | None
    number_changed_at: datetime | None
