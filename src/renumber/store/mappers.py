"""The mapper of each kind of state that a unit of work loads and keeps."""

from typing import Any

from renumber.store.organisations import organisations
from renumber.store.records import (
    access_tokens,
    challenges,
    consents,
    devices,
    factors,
    grants,
    links,
    passkeys,
    phone_changes,
    prompts,
    recovery_codes,
    sessions,
    sign_ins,
    totp_keys,
    waits,
)
from renumber.store.records.mapper import Mapper
from renumber.store.support import caller_checks, recovery_cases, staff_identities, staff_members

MAPPERS: dict[type[Any], Mapper[Any]] = {
    mapper.kind: mapper
    for mapper in (
        phone_changes.mapper,
        sign_ins.mapper,
        sessions.mapper,
        challenges.mapper,
        factors.mapper,
        links.mapper,
        totp_keys.mapper,
        recovery_codes.mapper,
        passkeys.mapper,
        devices.mapper,
        prompts.mapper,
        waits.mapper,
        grants.mapper,
        access_tokens.mapper,
        consents.mapper,
        staff_members.mapper,
        staff_identities.mapper,
        recovery_cases.mapper,
        organisations.mapper,
        caller_checks.mapper,
    )
}
