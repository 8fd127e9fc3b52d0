"""The order in which a person reads what an application learns."""

from collections.abc import Collection

TOLD_IN_ORDER = ("profile", "email", "phone", "offline_access")  # who somebody is first, and that it lasts last


def in_order(scopes: Collection[str]) -> list[str]:
    """Choose the scopes that are worded, in the order in which they are told."""
    return [scope for scope in TOLD_IN_ORDER if scope in scopes]
