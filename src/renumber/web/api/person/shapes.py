"""The shapes of what the person's API takes and gives."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from renumber.flows.account.standing import ChangeStanding
from renumber.web.api.operations.shapes import AccountId, Flow, Given, Sent, Short

Shown = Annotated[str, msgspec.Meta(description="Masked, unless the token has the scope that names it.")]


class Me(Given, frozen=True, kw_only=True):
    """The account of whoever calls, where it stands, and what may be done next."""

    account_id: AccountId
    name: str
    language: str
    email: Shown
    number: Shown | None
    change: Annotated[
        ChangeStanding,
        msgspec.Meta(description="`requested`: the link is on its way; `reset`: the number has been removed."),
    ]
    number_changed_at: Annotated[datetime | None, msgspec.Meta(description="When the present number was bound.")]
    hold_until: Annotated[
        datetime | None, msgspec.Meta(description="Until then the account counts as changed recently.")
    ]
    flows: Annotated[tuple[Flow, ...], msgspec.Meta(description="What may be done next, and where.")]


class FormToken(Given, frozen=True, kw_only=True):
    """The token by which acts show that they come from a page of this service."""

    form_token: Annotated[str, msgspec.Meta(description="Send it as `X-CSRF-Token` with every act.")]


class HeldFactor(Given, frozen=True, kw_only=True):
    """Something by which sign-ins are confirmed."""

    factor_id: str
    kind: Annotated[str, msgspec.Meta(description="`phone`, `push`, `passkey`, `app` or `recovery-code`.")]
    name: str
    made_at: datetime | None
    used_at: datetime | None
    left: Annotated[int | None, msgspec.Meta(description="How many recovery codes are left.")]
    state: Annotated[str, msgspec.Meta(description="`usable`, reported `lost`, or `paused` by wrong codes.")]
    held_until: Annotated[datetime | None, msgspec.Meta(description="Until then it can't be removed.")]
    page: Annotated[str, msgspec.Meta(description="The page on which it is looked after.")]


class Factors(Given, frozen=True, kw_only=True):
    """Everything by which sign-ins are confirmed."""

    factors: tuple[HeldFactor, ...]


class Removed(Given, frozen=True, kw_only=True):
    """The factor that was removed."""

    factor_id: str


class LiveSession(Given, frozen=True, kw_only=True):
    """A browser that is signed in."""

    session_id: str
    browser: str
    ip: str
    signed_in_at: datetime
    seen_at: datetime
    is_own: Annotated[bool, msgspec.Meta(description="The one that this call rests on.")]


class Sessions(Given, frozen=True, kw_only=True):
    """The browsers that are signed in, the one that this call rests on first."""

    sessions: tuple[LiveSession, ...]


class Ended(Given, frozen=True, kw_only=True):
    """The number of sessions that there still are."""

    left: int


class SignIn(Given, frozen=True, kw_only=True):
    """A sign-in, also one whose session is over."""

    at: datetime
    browser: str
    ip: str
    factor: Annotated[str | None, msgspec.Meta(description="The second factor that confirmed it.")]


class Activity(Given, frozen=True, kw_only=True):
    """The latest sign-ins, the newest first."""

    sign_ins: tuple[SignIn, ...]


class Change(Given, frozen=True, kw_only=True):
    """Where a change of the number stands; it names neither a number nor an address."""

    state: Annotated[
        Literal["none", "waiting", "requested", "reset", "done"],
        msgspec.Meta(
            description="`waiting`: the company is asked first; `reset`: the number has been removed, and the new one "
            "is missing."
        ),
    ]
    awaits: Annotated[
        Literal["company", "link", "new_number", "code"] | None,
        msgspec.Meta(description="What it waits for, if it is open."),
    ] = None
    requested_at: datetime | None = None
    link_expires_at: datetime | None = None
    can_resend_at: Annotated[datetime | None, msgspec.Meta(description="From then the link may be sent again.")] = None
    flows: Annotated[tuple[Flow, ...], msgspec.Meta(description="Where the person goes on.")] = ()


class NewNumber(Sent, frozen=True, kw_only=True):
    """The new number."""

    number: Annotated[Short, msgspec.Meta(description="With its plus, as +4915123456789.")]
    keep_old: Annotated[bool, msgspec.Meta(description="It is the number that was removed, and meant.")] = False


class Code(Sent, frozen=True, kw_only=True):
    """The code that was sent to the new number."""

    code: Annotated[str, msgspec.Meta(pattern="^[0-9]{6}$")]
