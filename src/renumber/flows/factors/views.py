"""Views of the factors of an account: for the profile, for the picker of a sign-in, and for what was lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.factor_list import FactorItem, FactorList
from renumber.domain.passkey import Passkey
from renumber.domain.push.device import Device
from renumber.flows.services import Client, Services
from renumber.flows.sign_in.part import asked_in
from renumber.flows.views import Progress, Visit
from renumber.policies.assurance import may_renew, may_replace, renewed_with
from renumber.policies.methods import STRONGEST_FIRST, methods_of
from renumber.policies.release import may_release_with
from renumber.policies.sign_in_path import Part, needs_factor


@dataclass(frozen=True, slots=True)
class RecoveryCodesView:
    """The set in use, if there is one, and whether another may be made now."""

    codes: FactorItem | None
    may_make: bool


async def recovery_codes_view(services: Services, visit: Visit) -> RecoveryCodesView:
    """Read how many codes are left; none is ever shown again."""
    account, hold_for = visit.account, services.rules.limits.hold_for
    codes = await factor_item(services, visit, Factor.RECOVERY_CODE)
    made_at, now = codes.made_at if codes else None, services.clock.now()
    held = may_replace(account, Factor.RECOVERY_CODE, now, made_at=made_at, hold_for=hold_for)
    return RecoveryCodesView(codes, may_make=held is None)


async def factor_item(services: Services, visit: Visit, factor: Factor) -> FactorItem | None:
    """Read what the account has of a method of which there is but one."""
    found = (await services.reads.factor_list(visit.account.account_id)).of(factor)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class MethodView:
    """When a method came to the account, and when it last confirmed a sign-in."""

    made_at: datetime | None
    used_at: datetime | None


async def method_view(services: Services, visit: Visit, factor: Factor) -> MethodView:
    """Read about a method of which an account has but one."""
    account, found = visit.account, await services.reads.factor_list(visit.account.account_id)
    items = found.of(factor)
    made_at = items[0].made_at if items else number_since(account) if factor is Factor.PHONE else None
    return MethodView(made_at, used_at(account, found, factor))


def number_since(account: Account) -> datetime | None:
    """The time since when an account has its present number, which it may have begun with."""
    return (account.number_changed_at or account.created_at) if account.number else None


async def passkeys_view(services: Services, visit: Visit) -> Sequence[Passkey]:
    """Read the passkeys of the account, oldest first."""
    return await services.reads.passkeys(visit.account.account_id)


async def device_view(services: Services, visit: Visit, device_id: str) -> Device | None:
    """Read one device of the account, if it is still enrolled."""
    device = await services.reads.device(visit.account.account_id, device_id)
    return device if device and device.is_live else None


async def renewing_passkeys(services: Services, visit: Visit) -> Sequence[Passkey]:
    """Read the passkeys that may stand for the password in this session."""
    if Factor.PASSKEY not in renewed_with(visit.account, services.rules.methods):
        return ()
    now, hold_for = services.clock.now(), services.rules.limits.hold_for
    own = await services.reads.passkeys(visit.account.account_id)
    return [each for each in own if may_renew(visit.session, each.made_at, now, hold_for=hold_for) is None]


def reportable(account: Account) -> list[Factor]:
    """List what can be reported lost, strongest first; where there is but one way in, nothing.

    The last way in that lasts is listed too: the press says why it stays, to whoever looks for it here.
    """
    here = account.second_factors - account.lost
    return [factor for factor in STRONGEST_FIRST if factor in here] if len(here) > 1 else []


@dataclass(frozen=True, slots=True, kw_only=True)
class PickerView:
    """The methods that a sign-in may go on with, strongest first.

    Those that are `usable` take a proof now; where it `enters_number`, the phone stands for entering the new number.
    """

    methods: tuple[Factor, ...]
    usable: tuple[Factor, ...]
    enters_number: bool
    may_report: bool


def picker_view(services: Services, client: Client, progress: Progress) -> PickerView:
    """List the methods of the account that has given its password."""
    account, change = progress.account, progress.change
    part = Part(asked=change is not None and asked_in(services, client, change))
    methods = methods_of(account, services.rules.methods)
    if account.is_frozen:
        instead = tuple(factor for factor in methods if may_release_with(account, factor) is None)
        return PickerView(methods=instead, usable=instead, enters_number=False, may_report=False)
    return PickerView(
        methods=methods,
        usable=tuple(factor for factor in methods if factor not in account.suspended),
        enters_number=bool(change and change.awaits_number) and not needs_factor(account, part),
        may_report=bool(reportable(account)),
    )


async def last_used(services: Services, account: Account) -> Factor | None:
    """The method that was last used, unless it was added and has not confirmed a sign-in yet."""
    last = account.last_factor
    if last is None or last not in account.second_factors:
        return None
    found = await services.reads.factor_list(account.account_id)
    return last if used_at(account, found, last) else None


def used_at(account: Account, factor_list: FactorList, factor: Factor) -> datetime | None:
    """The time at which a factor last confirmed a sign-in; the code that connected it doesn't count."""
    if factor is not Factor.PHONE:
        times = [item.last_used_at for item in factor_list.of(factor) if item.last_used_at]
        return max(times, default=None)
    at, changed_at = factor_list.used_at.get(factor), account.number_changed_at
    return None if at and changed_at and at <= changed_at else at
