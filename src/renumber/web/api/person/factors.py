"""The factors that confirm a person's sign-ins."""

from collections.abc import Awaitable
from typing import Any

from renumber.domain.factor import Factor
from renumber.domain.factor_list import FactorItem, FactorList
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.factors import recovery_codes, totp
from renumber.flows.factors.views import number_since, used_at
from renumber.flows.passkeys.register import remove_passkey
from renumber.flows.push.devices import remove_device
from renumber.flows.views import profile_view
from renumber.policies.oidc.scopes import PersonScope
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.person.call import PersonCall
from renumber.web.api.person.operation import PersonOperations
from renumber.web.api.person.refusals import refused
from renumber.web.api.person.shapes import Factors, HeldFactor, Removed
from renumber.web.formats.factor_rows import OWN_PAGE, PAGE_OF_EACH, bar_of

operations = PersonOperations()


@operations.declare("GET", "/me/factors", scope=PersonScope.FACTORS_READ, gives=Factors, is_tagged=True)
async def list_factors(call: PersonCall) -> Factors:
    """List everything by which sign-ins are confirmed."""
    found = (await profile_view(call.services, call.person)).factor_list
    phone = [_phone(call, found)] if call.person.account.number else []
    return Factors(factors=(*phone, *(_held(call, found, item) for item in found.items)))


def _phone(call: PersonCall, found: FactorList) -> HeldFactor:
    account = call.person.account
    return HeldFactor(
        factor_id=Factor.PHONE.value,
        kind=Factor.PHONE.value,
        name="",
        made_at=number_since(account),
        used_at=used_at(account, found, Factor.PHONE),
        left=None,
        state=bar_of(account, Factor.PHONE) or "usable",
        held_until=None,
        page=call.address(OWN_PAGE[Factor.PHONE]),
    )


def _held(call: PersonCall, found: FactorList, item: FactorItem) -> HeldFactor:
    is_lost = found.is_lost(item)
    return HeldFactor(
        factor_id=_id(item),
        kind=item.factor.value,
        name=item.name,
        made_at=item.made_at,
        used_at=item.last_used_at,
        left=item.left,
        state="lost" if is_lost else bar_of(call.person.account, item.factor) or "usable",
        held_until=call.person.held_for(item.made_at),
        page=call.address(_page(item)),
    )


def _id(item: FactorItem) -> str:
    """A passkey and a device have an id; of the others there is one."""
    return item.key if item.factor in PAGE_OF_EACH else item.factor.value


def _page(item: FactorItem) -> str:
    return PAGE_OF_EACH[item.factor] + item.key if item.factor in PAGE_OF_EACH else OWN_PAGE[item.factor]


@operations.declare(
    "DELETE",
    "/me/factors/{factor_id}",
    scope=PersonScope.FACTORS_WRITE,
    gives=Removed,
    is_act=True,
    action="manage_factors",
    reauthenticates=True,
    refuses=(Code.FACTOR_HELD, Code.LAST_FACTOR, Code.OTHERS_TOO_NEW, Code.OLDER_FACTOR_NEEDED, Code.NOT_NOW),
)
async def remove_factor(call: PersonCall) -> Removed | Problem:
    """Remove a factor, right after the password was given again; the number is not removed but changed."""
    named = call.api.request.param("factor_id")
    found = (await profile_view(call.services, call.person)).factor_list
    item = next((each for each in found.items if _id(each) == named), None)
    if item is None:
        return call.refused(Refusal.FACTOR_UNKNOWN, Code.FACTOR_UNKNOWN)
    step = await _remove(call, item)
    return refused(call, step) if step.refusal else Removed(factor_id=named)


def _remove(call: PersonCall, item: FactorItem) -> Awaitable[Step[Any]]:
    services, client, holder = call.services, call.client, call.holder
    match item.factor:
        case Factor.PASSKEY:
            return remove_passkey(services, client, holder, item.key)
        case Factor.PUSH:
            return remove_device(services, client, holder, item.key)
        case Factor.TOTP:
            return totp.remove_totp(services, client, holder)
    return recovery_codes.remove_set(services, client, holder)
