"""The person and their account."""

from renumber.domain.phone_number import masked
from renumber.flows.account.standing import ChangeStanding, standing_of
from renumber.policies.oidc.scopes import PersonScope
from renumber.web.access import Access, csrf_tokens
from renumber.web.api.operations.problems import Problem
from renumber.web.api.operations.shapes import Flow
from renumber.web.api.person.call import PersonCall
from renumber.web.api.person.insufficient import not_signed_in
from renumber.web.api.person.operation import PersonOperations
from renumber.web.api.person.shapes import FormToken, Me

operations = PersonOperations()

CHANGE, ENTER = ("change_phone", "/phone-change/new"), ("enter_number", "/profile")
ALWAYS = (("manage_factors", "/profile"), ("recovery_codes", "/profile/recovery-codes"))


@operations.declare("GET", "/me", scope=PersonScope.ACCOUNT_READ, gives=Me, is_tagged=True)
async def read_me(call: PersonCall) -> Me | Problem:
    """Say whose account this is, where it stands, and what may be done next."""
    account = call.person.account
    standing = await standing_of(call.services, account.account_id)
    if standing is None:  # erased, since it was found
        return not_signed_in(call.api)
    shows_email, shows_number = (call.application and scope in call.scopes for scope in ("email", "phone"))
    number = account.number.e164 if account.number and shows_number else masked(account.number)
    return Me(
        account_id=account.account_id,
        name=account.name,
        language=account.locale,
        email=account.email.text if shows_email else account.email.masked,
        number=number or None,
        change=standing.change,
        number_changed_at=standing.number_changed_at,
        hold_until=standing.hold_until,
        flows=tuple(Flow(action=action, page=call.address(path)) for action, path in _next(call, standing.change)),
    )


def _next(call: PersonCall, change: ChangeStanding) -> list[tuple[str, str]]:
    """Name the pages that lead on."""
    if change is ChangeStanding.REQUESTED:
        return [*ALWAYS]
    return [CHANGE if call.person.account.number else ENTER, *ALWAYS]


@operations.declare("GET", "/me/form-token", scope=None, gives=FormToken, in_enrolment=True)
async def give_form_token(call: PersonCall) -> FormToken:
    """Give the token that acts of a page of this service send along."""
    return FormToken(form_token=csrf_tokens(call.api.request, Access.SESSION)[0])
