"""The shapes that every API shares; whatever a shape doesn't name is refused."""

from typing import Annotated

import msgspec


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object that a program sends."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """An object that a program is given."""


AccountId = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$", description="The id of an account.")]
Short = Annotated[str, msgspec.Meta(max_length=320)]
Masked = Annotated[str, msgspec.Meta(description="Masked: enough to recognise it, and not to write to it.")]


class Nothing(Sent, frozen=True, kw_only=True):
    """An empty object."""


class Flow(Given, frozen=True, kw_only=True):
    """A page that a person can be sent to."""

    action: Annotated[str, msgspec.Meta(description="What is done there, as `change_phone`.")]
    page: Annotated[str, msgspec.Meta(description="Its address.")]
