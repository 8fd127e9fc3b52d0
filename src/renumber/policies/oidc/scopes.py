"""The scopes of the person's API, which an application has to name in the joins file and to ask for."""

from enum import StrEnum


class PersonScope(StrEnum):
    """Something that an application may read or do for whoever has signed in there."""

    ACCOUNT_READ = "account:read"
    FACTORS_READ = "factors:read"
    FACTORS_WRITE = "factors:write"
    SESSIONS_READ = "sessions:read"
    SESSIONS_WRITE = "sessions:write"
    PHONE_CHANGE = "phone_change"
