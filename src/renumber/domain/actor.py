"""Who acts."""

from enum import StrEnum


class Actor(StrEnum):
    """Who acts, as the history names them."""

    OWNER = "owner"
    VISITOR = "visitor"
    AGENT = "agent"
    OPERATOR = "operator"
    CLIENT = "client"
    SYSTEM = "system"
