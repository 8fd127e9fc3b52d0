"""Who acts on an account."""

from enum import StrEnum


class Actor(StrEnum):
    """The one whose act it is, as the history says it."""

    OWNER = "owner"
    VISITOR = "visitor"
    AGENT = "agent"
    COMPANY = "company"
    OPERATOR = "operator"
    CLIENT = "client"
    SYSTEM = "system"
