"""The change of the number, until its link is used; the link itself is for the mailbox, and no call ever sees it."""

from typing import Any, Literal

from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import ChangeState, PhoneChange
from renumber.flows.phone_change import request
from renumber.flows.phone_change.request import resend_link_at
from renumber.policies.oidc.scopes import PersonScope
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.operations.shapes import Flow, Nothing
from renumber.web.api.person.call import PersonCall
from renumber.web.api.person.operation import PersonOperations
from renumber.web.api.person.refusals import refused
from renumber.web.api.person.shapes import Change

operations = PersonOperations()

HERE = "/me/phone-change"
ABOUT: dict[str, Any] = {"scope": PersonScope.PHONE_CHANGE, "gives": Change, "action": "change_phone"}
ASKING = (Code.NO_NUMBER, Code.OLDER_FACTOR_NEEDED, Code.ANOTHER_FACTOR_NEEDED, Code.SENT_TOO_OFTEN, Code.NOT_NOW)


@operations.declare("GET", HERE, **ABOUT, page="/profile", in_enrolment=True, is_tagged=True)
async def read_change(call: PersonCall) -> Change:
    """Say where the change of the number stands, and where the person goes on."""
    return shown(call, call.visit.change if call.visit else call.sign_in.progress.change)


def shown(call: PersonCall, change: PhoneChange | None) -> Change:
    """Show a change."""
    if change is None or not change.is_open:
        return Change(state="none", flows=_flows(call, None))
    return Change(
        state=_state(change),
        awaits=_awaits(change),
        requested_at=change.requested_at,
        link_expires_at=None if change.awaits_number else change.link_expires_at,
        can_resend_at=None if change.awaits_number else resend_link_at(call.services, change),
        flows=_flows(call, change),
    )


def _state(change: PhoneChange) -> Literal["waiting", "requested", "reset"]:
    if change.state is ChangeState.AWAITING_COMPANY:
        return "waiting"
    return "reset" if change.awaits_number else "requested"


def _awaits(change: PhoneChange) -> Literal["company", "link", "new_number", "code"]:
    match change.state:
        case ChangeState.AWAITING_COMPANY:
            return "company"
        case ChangeState.AWAITING_CODE:
            return "code"
        case ChangeState.AWAITING_NEW_NUMBER:
            return "new_number"
    return "link"


def _flows(call: PersonCall, change: PhoneChange | None) -> tuple[Flow, ...]:
    """Name the page that leads on; while the link is on its way, that is the mailbox."""
    if change is None and call.visit and call.visit.account.number:
        return (Flow(action="change_phone", page=call.address("/phone-change/new")),)
    if change and not change.awaits_number:
        return ()
    return (Flow(action="enter_number", page=call.address("/profile" if call.visit else "/sign-in/number")),)


@operations.declare(
    "POST",
    HERE,
    **ABOUT,
    takes=Nothing,
    status=201,
    is_act=True,
    page="/phone-change/new",
    refuses=(*ASKING, Code.CHANGE_ALREADY_OPEN),
)
async def request_change(call: PersonCall, _: Nothing) -> Change | Problem:
    """Ask for a change: a link goes to the account's address, and the number stays until that link is used."""
    return _told(call, await request.request_change(call.services, call.client, call.holder))


@operations.declare(
    "POST",
    f"{HERE}/resend",
    **ABOUT,
    takes=Nothing,
    is_act=True,
    page="/profile",
    refuses=(*ASKING, Code.NO_OPEN_CHANGE),
)
async def resend_link(call: PersonCall, _: Nothing) -> Change | Problem:
    """Send a newer link, which ends the older one."""
    return _told(call, await request.send_link_again(call.services, call.client, call.holder))


@operations.declare("DELETE", HERE, **ABOUT, is_act=True, page="/profile", refuses=(Code.NO_OPEN_CHANGE, Code.NOT_NOW))
async def cancel_change(call: PersonCall) -> Change | Problem:
    """Cancel a change whose link was not used yet; the number stays."""
    return _told(call, await request.cancel_change(call.services, call.client, call.holder))


def _told(call: PersonCall, step: Step[PhoneChange | None]) -> Change | Problem:
    if step.refusal or step.state is None:
        return refused(call, Step(None, refusal=step.refusal or Refusal.NOT_NOW, open_at=step.open_at))
    return shown(call, step.state)
