"""The new number after the reset: entered in a browser of ours alone, by the sign-in that may do nothing else.

An access token never gets here: the reset has ended them all, and what binds a number opens a session.
"""

from functools import wraps
from typing import Any

import msgspec

from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.phone_change import new_number
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.flows.sign_in.prove import send_again
from renumber.policies.number_plans.in_files import Unreadable, read_written_number
from renumber.web import cookies
from renumber.web.api.operations.operation import Answer, Given
from renumber.web.api.operations.problems import Code as ProblemCode
from renumber.web.api.operations.problems import Problem
from renumber.web.api.operations.shapes import Flow, Nothing
from renumber.web.api.person.call import PersonCall
from renumber.web.api.person.operation import PersonOperations
from renumber.web.api.person.refusals import refused
from renumber.web.api.person.shapes import Change, Code, NewNumber
from renumber.web.exchange import SignInExchange
from renumber.web.forms.typed_number import keep_typed

operations = PersonOperations()

HERE = "/me/phone-change"
ABOUT: dict[str, Any] = {"scope": None, "gives": Change, "is_act": True, "action": "enter_number"}
SENDING = (ProblemCode.SENT_TOO_OFTEN, ProblemCode.FACTOR_SUSPENDED, ProblemCode.NOT_NOW)
OF_A_CODE = (ProblemCode.CODE_WRONG, ProblemCode.CODE_OVER, ProblemCode.NUMBER_NOT_TAKEN)


def entering(step: Answer) -> Answer:
    """Refuse whoever calls in a session: a number is entered by a sign-in, which a session may begin."""

    @wraps(step)
    async def taken(call: PersonCall, sent: msgspec.Struct) -> Given | Problem:
        if isinstance(call.exchange, SignInExchange):
            return await step(call, sent)
        return refused(call, Step(None, refusal=Refusal.NOT_NOW))

    return taken


@operations.declare(
    "POST",
    f"{HERE}/enrolment",
    **ABOUT,
    takes=Nothing,
    page="/profile",
    reauthenticates=True,
    refuses=(ProblemCode.OLDER_FACTOR_NEEDED, ProblemCode.NOT_NOW),
)
async def begin_enrolment(call: PersonCall, _: Nothing) -> Change | Problem:
    """Begin to enter a number, from a session that another factor opened; the session stays until it is proven."""
    step = await new_number.begin_in_session(call.services, call.client, call.holder)
    if step.state is None or step.state.ticket is None or call.exchange is None:
        return refused(call, step)
    call.exchange.open_sign_in_beside_session(step.state.ticket)
    return _open(call, "new_number")


def _open(call: PersonCall, awaits: Any) -> Change:
    flows = (Flow(action="enter_number", page=call.address("/sign-in/number")),)
    return Change(state="reset", awaits=awaits, flows=flows)


@operations.declare(
    "POST",
    f"{HERE}/number",
    **ABOUT,
    takes=NewNumber,
    page="/sign-in/number",
    in_enrolment=True,
    refuses=(*SENDING, ProblemCode.NUMBER_NOT_TAKEN, ProblemCode.NUMBER_IS_OLD),
)
@entering
async def enter_number(call: PersonCall, sent: NewNumber) -> Change | Problem:
    """Enter the new number, to which a code is sent."""
    number = read_written_number(sent.number, "", call.services.rules.numbers)
    if isinstance(number, Unreadable):
        detail = f"it can't be read ({number.value}) - at `$.number`"
        return call.refused(Refusal.NUMBER_NOT_VALID, ProblemCode.NUMBER_NOT_TAKEN, detail)
    if isinstance(number, Refusal):
        return refused(call, Step(None, refusal=number))
    return await _enter(call, number, keep_old=sent.keep_old)


async def _enter(call: PersonCall, number: PhoneNumber, *, keep_old: bool) -> Change | Problem:
    enter = new_number.keep_old_number if keep_old else new_number.enter_number
    step = await enter(call.services, call.client, call.sign_in.ticket, number)
    if step.refusal:
        return refused(call, step)
    keep_typed(call.sign_in, number)
    return _open(call, "code")


@operations.declare(
    "POST",
    f"{HERE}/number/resend",
    **ABOUT,
    takes=Nothing,
    page="/sign-in/number/code",
    in_enrolment=True,
    refuses=SENDING,
)
@entering
async def resend_code(call: PersonCall, _: Nothing) -> Change | Problem:
    """Send the code once more."""
    step = await send_again(call.services, call.client, call.sign_in.ticket)
    return refused(call, step) if step.refusal else _open(call, "code")


@operations.declare(
    "POST",
    f"{HERE}/number/code",
    **ABOUT,
    takes=Code,
    page="/sign-in/number/code",
    in_enrolment=True,
    refuses=(*SENDING, *OF_A_CODE),
)
@entering
async def prove_number(call: PersonCall, sent: Code) -> Change | Problem:
    """Bind the new number with the code that was sent to it; a full session takes the place of this sign-in."""
    step = await new_number.prove_number(call.services, call.client, call.sign_in.ticket, sent.code)
    return refused(call, step) if step.refusal else _signed_in(call, step)


def _signed_in(call: PersonCall, step: Step[SignInResult | None]) -> Change:
    for name in (cookies.RESET, cookies.EMAIL):
        call.sign_in.set_cookie(cookies.removed(name))  # the change is over: no matter who pressed its link
    if step.state and step.state.ticket:
        call.sign_in.open_session(step.state.ticket)
    return Change(state="done", flows=(Flow(action="manage_account", page=call.address("/profile")),))
