"""The unique indexes that stand behind the store's own checks, and the one that a fault of either database names."""

import re
from enum import Enum
from typing import Optional

_PART = re.compile(r"_p\d+$")


class Guard(Enum):
    """A unique index beside the primary keys: PostgreSQL's faults name the index, SQLite's its columns."""

    LINK_TOKEN = ("link_token", "link.token_key")
    ONE_OPEN_CHANGE = ("phone_change_one_open", "phone_change.account_id")
    EVENT_POSITION = ("event_published", "event.position")
    ONE_OPEN_CASE = ("recovery_case_one_open", "recovery_case.account_id")
    STAFF_IDENTITY = ("staff_identity_of", "staff_identity.identity_key")
    STAFF_ADDRESS = ("staff_identity_address", "staff_identity.email_key")
    CASE_NUMBER = ("recovery_case_number", "recovery_case.number")
    ORGANISATION_NAME = ("organisation_name", "organisation.name")
    PASSKEY_CREDENTIAL = ("passkey_credential", "passkey.credential_key")

    def __init__(self, index: str, columns: str) -> None:
        self.index = index
        self.columns = columns

    @classmethod
    def named(cls, constraint: str) -> Optional["Guard"]:
        """Find the guard by what a database calls it; None stands for a key or any other constraint.

        Of a table that is spread over partitions, the part of the index is named.
        """
        whole = _PART.sub("", constraint)
        return next((guard for guard in cls if whole in {guard.index, guard.columns}), None)
