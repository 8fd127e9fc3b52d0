"""Acts of an operator's program on accounts, each by the flow that the command line calls."""

from renumber.domain.account import Account as DomainAccount
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.account.create import Newcomer
from renumber.flows.account.erase import erase_account
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.invite import invite
from renumber.flows.account.release import release_by_operator
from renumber.flows.operator.enter import enter_invited
from renumber.policies.email_addresses import needs_smtputf8, read_address
from renumber.policies.joins import Scope
from renumber.policies.number_plans.in_files import read_written_number
from renumber.policies.operator.account_texts import MOST_NAME, MOST_REASON, read_name, read_reason
from renumber.web.api.operations.operation import Operations
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.operations.shapes import Nothing
from renumber.web.api.operator.call import OperatorCall
from renumber.web.api.operator.reading import UNKNOWN, somebody
from renumber.web.api.operator.shapes import ChangedAccount, CreatedAccount, Freeze, NewAccount, Release

operations = Operations()
CODES = {
    Refusal.ACCOUNT_FROZEN: Code.ACCOUNT_FROZEN,
    Refusal.ACCOUNT_NOT_FROZEN: Code.ACCOUNT_NOT_FROZEN,
    Refusal.NOT_NOW: Code.PASSWORD_CHOSEN,
}


@operations.declare(
    "POST",
    "/accounts",
    scope=Scope.ACCOUNTS_WRITE,
    takes=NewAccount,
    gives=CreatedAccount,
    status=201,
    is_act=True,
    refuses=(Code.ACCOUNT_EXISTS, Code.ORGANISATION_UNKNOWN),
)
async def create_account(call: OperatorCall, sent: NewAccount) -> CreatedAccount | Problem:
    """Create an account, and send its owner a link to choose the password."""
    newcomer = _newcomer(call, sent)
    if isinstance(newcomer, Problem):
        return newcomer
    if sent.organisation_id and await call.services.organisations.organisation(sent.organisation_id) is None:
        return Problem(code=Code.ORGANISATION_UNKNOWN)
    account_id = await enter_invited(call.services, call.client, newcomer, operator=call.operator)
    return CreatedAccount(account_id=account_id) if account_id else Problem(code=Code.ACCOUNT_EXISTS)


def _newcomer(call: OperatorCall, sent: NewAccount) -> Newcomer | Problem:
    email, name, languages = read_address(sent.email), read_name(sent.name), call.api.site.languages
    if email is None:
        return _not_valid("it is no e-mail address", "email")
    if needs_smtputf8(email) and not call.services.rules.smtputf8:
        return _not_valid("letters beyond ASCII before the @ take a mail server with SMTPUTF8", "email")
    if name is None:
        return _not_valid(f"it takes one line of at most {MOST_NAME} characters", "name")
    if sent.language is not None and sent.language not in languages:
        return _not_valid(f"it is none of {', '.join(languages)}", "language")
    number = read_written_number(sent.number, "", call.services.rules.numbers) if sent.number is not None else None
    if number is not None and not isinstance(number, PhoneNumber):
        return _not_valid(f"it can't be used ({number.value}); write it like +4915123456789", "number")
    return Newcomer(
        email=email,
        name=name,
        locale=sent.language or languages[0],
        number=number,
        password_hash="",
        number_is_verified=sent.number_is_verified,
        organisation_id=sent.organisation_id,
    )


def _not_valid(why: str, member: str) -> Problem:
    return Problem(code=Code.NOT_VALID, detail=f"{why} - at `$.{member}`")


@operations.declare(
    "POST",
    "/accounts/{account_id}/freeze",
    scope=Scope.ACCOUNTS_WRITE,
    takes=Freeze,
    gives=ChangedAccount,
    is_act=True,
    refuses=(Code.ACCOUNT_FROZEN,),
)
async def freeze_account(call: OperatorCall, sent: Freeze) -> ChangedAccount | Problem:
    """Freeze an account: every session ends, and nobody signs in until it is released."""
    reason, account = read_reason(sent.reason), await somebody(call, call.account_id)
    if account is None or reason is None:
        return _no_reason(account)
    step = await freeze_by_operator(call.services, call.client, account.account_id, reason)
    return _told(call, step.state, step.refusal)


@operations.declare(
    "POST",
    "/accounts/{account_id}/release",
    scope=Scope.ACCOUNTS_WRITE,
    takes=Release,
    gives=ChangedAccount,
    is_act=True,
    refuses=(Code.ACCOUNT_NOT_FROZEN,),
)
async def release_account(call: OperatorCall, sent: Release) -> ChangedAccount | Problem:
    """Release a frozen account; the number before a recent change comes back, unless another one is asked for."""
    reason, account = read_reason(sent.reason), await somebody(call, call.account_id)
    if account is None or reason is None:
        return _no_reason(account)
    wanted = Wanted(sent.number)
    step = await release_by_operator(call.services, call.client, account.account_id, reason, wanted=wanted)
    return _told(call, step.state, step.refusal)


@operations.declare(
    "POST",
    "/accounts/{account_id}/invite",
    scope=Scope.ACCOUNTS_WRITE,
    takes=Nothing,
    gives=ChangedAccount,
    is_act=True,
    refuses=(Code.ACCOUNT_FROZEN, Code.PASSWORD_CHOSEN),
)
async def invite_owner(call: OperatorCall, _: Nothing) -> ChangedAccount | Problem:
    """Send the owner of a new account the link to choose its password anew; the one before ends."""
    account = await somebody(call, call.account_id)
    if account is None:
        return UNKNOWN
    step = await invite(call.services, call.client, account.account_id)
    return _told(call, step.state, step.refusal)


@operations.declare(
    "POST",
    "/accounts/{account_id}/erase",
    scope=Scope.ACCOUNTS_WRITE,
    takes=Nothing,
    gives=ChangedAccount,
    is_act=True,
)
async def erase_person(call: OperatorCall, _: Nothing) -> ChangedAccount | Problem:
    """Erase a person: there is no way back, and the history stays under the id."""
    account = await somebody(call, call.account_id)
    if account is None:
        return UNKNOWN
    services, by = call.services, call.client.operator
    now = services.clock.now()
    await erase_account(call.operator.erasure, account.account_id, now, joins=services.joins, by=by)
    return ChangedAccount(account_id=account.account_id, state="erased")


def _no_reason(account: DomainAccount | None) -> Problem:
    return (
        UNKNOWN if account is None else _not_valid(f"it takes one line of at most {MOST_REASON} characters", "reason")
    )


def _told(call: OperatorCall, account: DomainAccount, refusal: Refusal | None) -> ChangedAccount | Problem:
    if refusal:
        return call.refused(refusal, CODES[refusal])
    return ChangedAccount(account_id=account.account_id, state=account.state.value)
