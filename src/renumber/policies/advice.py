"""Advice on the profile: the next step that makes an account safer, or its owner surer to get in."""

from enum import StrEnum

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.recovery_codes import FEW
from renumber.policies.methods import Methods


class Advice(StrEnum):
    """The next step that the profile recommends."""

    ADD_PASSKEY = "add_passkey"
    MAKE_CODES = "make_codes"
    RENEW_CODES = "renew_codes"


def next_step(account: Account, *, methods: Methods, codes_left: int) -> Advice | None:
    """Choose among what the operator offers: a second way in first, then codes for the day when both are gone."""
    has_codes = Factor.RECOVERY_CODE in account.factors
    if Factor.RECOVERY_CODE in methods and has_codes and codes_left <= FEW:
        return Advice.RENEW_CODES
    lasting = account.second_factors - account.suspended - {Factor.RECOVERY_CODE}
    if len(lasting) < 2 and Factor.PASSKEY in methods and Factor.PASSKEY not in account.factors:
        return Advice.ADD_PASSKEY
    if Factor.RECOVERY_CODE in methods and not has_codes:
        return Advice.MAKE_CODES
    return None
