"""The shapes of what the operator's API takes and gives; whatever a shape doesn't name is refused."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from renumber.domain.account import AccountState
from renumber.domain.applications.journey import JourneyKind
from renumber.flows.account.standing import ChangeStanding
from renumber.policies.events.types import EventType
from renumber.web.api.operations.shapes import AccountId, Given, Masked, Sent, Short

Limit = Annotated[int, msgspec.Meta(ge=1, le=100, description="How many there are on a page at most.")]
Cursor = Annotated[
    str, msgspec.Meta(max_length=200, description="`next` of the page before; it holds for its key alone.")
]


class Standing(Given, frozen=True, kw_only=True):
    """The standing of an account, which a payment asks for before it trusts the number."""

    frozen: Annotated[bool, msgspec.Meta(description="Nobody can sign in until the account is released.")]
    change: Annotated[
        ChangeStanding,
        msgspec.Meta(
            description="`waiting`: the company is asked first; `requested`: the link is on its way; "
            "`reset`: the number has been removed."
        ),
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
    organisation_id: Annotated[str | None, msgspec.Meta(description="The organisation that it belongs to.")]
    is_administrator: Annotated[bool, msgspec.Meta(description="It administers its organisation.")]


class NewAccount(Sent, frozen=True, kw_only=True):
    """An account to be, whose owner chooses the password by a link."""

    email: Short
    name: Short
    number: Annotated[Short | None, msgspec.Meta(description="With its plus, as +4915123456789.")] = None
    number_is_verified: Annotated[bool, msgspec.Meta(description="You have made sure whose number it is.")] = False
    language: Short | None = None
    organisation_id: Annotated[
        AccountId | None, msgspec.Meta(description="The organisation that it shall belong to.")
    ] = None


class CreatedAccount(Given, frozen=True, kw_only=True):
    """The id of what was created."""

    account_id: AccountId


class Freeze(Sent, frozen=True, kw_only=True):
    """Why: the history keeps it, sealed, until the account is erased."""

    reason: Short


class Release(Sent, frozen=True, kw_only=True):
    """Why an account is released, and with which number."""

    reason: Short
    number: Annotated[
        Literal["recent", "present", "former"],
        msgspec.Meta(
            description="`recent`: the one before a change that was recent at the freeze, else the present one."
        ),
    ] = "recent"


class ChangedAccount(Given, frozen=True, kw_only=True):
    """The account after the act."""

    account_id: AccountId
    state: Literal["active", "frozen", "erased"]


class AccountSearch(Sent, frozen=True, kw_only=True):
    """An address or a number, as a whole: what is sealed can be compared, and not searched."""

    email: Short | None = None
    number: Annotated[Short | None, msgspec.Meta(description="With its plus, as +4915123456789.")] = None
    limit: Limit = 50
    cursor: Cursor = ""


class Paging(Sent, frozen=True, kw_only=True):
    """The size of a page, and its place."""

    limit: Limit = 50
    cursor: Cursor = ""


class AccountPage(Given, frozen=True, kw_only=True):
    """Accounts in the order of their ids; `next` is the cursor of the page after it, if there is one."""

    accounts: tuple[Account, ...]
    next: str | None


class EventPaging(Paging, frozen=True, kw_only=True):
    """The size of a page, the cursor that it comes after, and the types that it lists."""

    types: Annotated[
        str, msgspec.Meta(max_length=400, description="Types separated by commas, as `phone_number.changed`.")
    ] = ""


class Event(Given, frozen=True, kw_only=True):
    """An event, as webhooks bring it, but without numbers."""

    id: Annotated[str, msgspec.Meta(description="The same as `webhook-id`.")]
    type: EventType
    timestamp: datetime
    data: dict[str, str | bool]


class EventPage(Given, frozen=True, kw_only=True):
    """Events in the order in which they were published; `next` is where to go on, now or later."""

    events: tuple[Event, ...]
    next: str
    is_last: Annotated[bool, msgspec.Meta(description="There are none behind these yet.")]


class Delivery(Given, frozen=True, kw_only=True):
    """An event on its way to a webhook."""

    id: str
    webhook: str
    event: str
    account_id: AccountId
    state: Annotated[str, msgspec.Meta(description="`waiting`, `delivered` or `given_up`.")]
    attempts: int
    created_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    reason: Annotated[str | None, msgspec.Meta(description="Why the last attempt failed.")]


class DeliveryPage(Given, frozen=True, kw_only=True):
    """Deliveries, the newest first; `next` is the cursor of the page after it, if there is one."""

    deliveries: tuple[Delivery, ...]
    next: str | None


class NewJourney(Sent, frozen=True, kw_only=True):
    """Whom an application sends here, what for, and the page to which it wants them back."""

    account_id: AccountId | None = None
    email: Short | None = None
    kind: JourneyKind
    return_to: Annotated[
        str, msgspec.Meta(max_length=2000, description="Exactly as it stands in `return_to` of an application.")
    ]
    application: Annotated[
        Short | None, msgspec.Meta(description="The id of the application, if several may take people back there.")
    ] = None


class OfferedJourney(Given, frozen=True, kw_only=True):
    """An address to send the person to: it names them, and signs nobody in."""

    url: str
    expires_at: datetime
