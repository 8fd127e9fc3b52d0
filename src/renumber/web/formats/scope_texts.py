"""The order in which a person reads what an application learns."""

from collections.abc import Collection

from renumber.policies.oidc.scopes import PersonScope

# Who somebody is first, then what it may see and do, and that it lasts last.
TOLD_IN_ORDER = ("profile", "email", "phone", *PersonScope, "offline_access")


def in_order(scopes: Collection[str]) -> list[str]:
    """Choose the scopes that are worded, in the order in which they are told."""
    return [scope for scope in TOLD_IN_ORDER if scope in scopes]
