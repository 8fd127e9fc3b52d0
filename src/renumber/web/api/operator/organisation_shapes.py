"""The shapes of organisations in the operator's API."""

from datetime import datetime
from typing import Annotated

import msgspec

from renumber.web.api.operations.shapes import AccountId, Given, Masked, Sent, Short

OrganisationId = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$", description="The id of an organisation.")]
ChangesWait = Annotated[
    bool,
    msgspec.Meta(description="Changes of its people's numbers wait until one of its administrators confirms them."),
]


class Organisation(Given, frozen=True, kw_only=True):
    """An organisation."""

    organisation_id: OrganisationId
    name: str
    changes_wait: ChangesWait
    created_at: datetime


class NewOrganisation(Sent, frozen=True, kw_only=True):
    """An organisation to be."""

    name: Short
    changes_wait: ChangesWait = False


class OrganisationSettings(Sent, frozen=True, kw_only=True):
    """The settings that shall be otherwise; one that isn't named stays as it is."""

    name: Short | None = None
    changes_wait: ChangesWait | None = None


class OrganisationPage(Given, frozen=True, kw_only=True):
    """Organisations in the order of their ids; `next` is the cursor of the page after it, if there is one."""

    organisations: tuple[Organisation, ...]
    next: str | None


class Member(Given, frozen=True, kw_only=True):
    """An account that belongs to an organisation, with its address masked."""

    account_id: AccountId
    name: str
    email: Masked
    is_administrator: bool
    since: datetime


class MemberPage(Given, frozen=True, kw_only=True):
    """Accounts in the order of their ids; `next` is the cursor of the page after it, if there is one."""

    members: tuple[Member, ...]
    next: str | None


class NewMembership(Sent, frozen=True, kw_only=True):
    """The organisation that an account shall belong to; null for none."""

    organisation_id: OrganisationId | None


class Administration(Sent, frozen=True, kw_only=True):
    """An account shall administer its organisation, or no longer."""

    is_administrator: bool


class ChangedMembership(Given, frozen=True, kw_only=True):
    """The membership of an account after the act."""

    account_id: AccountId
    organisation_id: OrganisationId | None
    is_administrator: bool
