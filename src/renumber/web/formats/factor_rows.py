"""The ways to confirm a sign-in as the profile lists them: what is there, and what could be."""

from collections.abc import Mapping, Sequence
from typing import Any

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.factor_list import FactorItem, FactorList
from renumber.domain.phone_number import masked
from renumber.domain.recovery_codes import FEW
from renumber.flows.factors.views import used_at
from renumber.policies.methods import STRONGEST_FIRST, Methods

Row = Mapping[str, Any]
ADDED_BY_POST = {Factor.PUSH: "/profile/push", Factor.TOTP: "/profile/app"}
ADDED_ON_A_PAGE = {Factor.PASSKEY: "/profile/passkeys/new", Factor.RECOVERY_CODE: "/profile/recovery-codes"}
PAGE_OF_EACH = {Factor.PASSKEY: "/profile/passkeys/", Factor.PUSH: "/profile/push/"}
OWN_PAGE = {
    Factor.TOTP: "/methods/app",
    Factor.PHONE: "/methods/phone",
    Factor.RECOVERY_CODE: "/profile/recovery-codes",
}


def factor_rows(account: Account, factor_list: FactorList, methods: Methods) -> Sequence[Row]:
    """All that the account has and all that it could add, in the operator's order."""
    listed = methods + tuple(factor for factor in STRONGEST_FIRST if factor not in methods)
    rows = [_row(account, factor_list, factor, is_offered=factor in methods) for factor in listed]
    return [row for row in rows if row["is_there"] or row["is_offered"]]


def _row(account: Account, factor_list: FactorList, factor: Factor, *, is_offered: bool) -> Row:
    items, is_there = factor_list.of(factor), factor in account.second_factors
    return {
        "key": factor.value,
        "is_there": is_there,
        "url": OWN_PAGE.get(factor) if is_there else None,
        "is_offered": is_offered,
        "post": ADDED_BY_POST.get(factor),
        "page": ADDED_ON_A_PAGE.get(factor),
        "detail": masked(account.number) if factor is Factor.PHONE else "",
        "items": [_item(item, factor_list) for item in items],
        "made_at": account.number_changed_at if factor is Factor.PHONE else None,
        "used_at": used_at(account, factor_list, factor),
        "state": _state(account, factor_list, factor),
        "left": next((item.left for item in items if item.left is not None), None),
        "is_few": any(item.left is not None and item.left <= FEW for item in items),
    }


def _item(item: FactorItem, factor_list: FactorList) -> Row:
    is_lost = factor_list.is_lost(item)
    url = PAGE_OF_EACH[item.factor] + item.key if item.factor in PAGE_OF_EACH else None
    return {"name": item.name, "url": url, "made_at": item.made_at, "used_at": item.last_used_at, "is_lost": is_lost}


def _state(account: Account, factor_list: FactorList, factor: Factor) -> str:
    """Give the reason why a factor can't be used; of several, only the older ones may be lost."""
    partly = any(factor_list.is_lost(item) for item in factor_list.of(factor))
    return bar_of(account, factor) or ("partly" if partly else "")


def bar_of(account: Account, factor: Factor) -> str:
    """Give the reason why a factor as a whole can't be used: reported lost, or paused."""
    return "lost" if factor in account.lost else "paused" if factor in account.suspended else ""
