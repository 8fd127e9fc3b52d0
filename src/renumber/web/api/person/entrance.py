"""The way into an operation of a person's: by an access token, or by the cookies of a page of ours, never by both."""

from litestar.response.base import ASGIResponse

from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.oidc.access import allowed_scopes
from renumber.flows.oidc.visit import find_visit_by_token
from renumber.flows.ports.oidc import Access
from renumber.flows.session_holder import Bearer
from renumber.web.access import Forged, check_own_script
from renumber.web.admission import session_of, sign_in_of
from renumber.web.api.bearer import TokenFault, access_of, shown_token
from renumber.web.api.call import ApiCall
from renumber.web.api.operations.entrance import insufficient_scope, let_in
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.person.call import PersonCall
from renumber.web.api.person.insufficient import flow, insufficient, not_signed_in, token_refused
from renumber.web.api.person.operation import PersonOperation
from renumber.web.api.routes import Endpoint
from renumber.web.exchange import SessionExchange, SignInExchange
from renumber.web.problem import problem_reply
from renumber.web.sign_in_pages import page_of


def entrance(operation: PersonOperation) -> Endpoint:
    """Let a person in who may call the operation."""

    async def enter(call: ApiCall) -> ASGIResponse:
        enter_by = _by_token if call.request.header("authorization") else _by_cookie
        entered = await enter_by(call, operation)
        if isinstance(entered, Problem):
            return problem_reply(call.request, entered.status, entered.members(), headers=entered.headers)
        return await let_in(entered, operation, None)

    return enter


async def _by_token(call: ApiCall, operation: PersonOperation) -> PersonCall | Problem:
    shown = shown_token(call.request)
    if shown is None:
        return token_refused(call, None, TokenFault.TOKEN)
    access = await access_of(call.request, call.client, shown)
    if isinstance(access, TokenFault):
        return token_refused(call, shown, access)
    scopes = allowed_scopes(call.services, access)
    if operation.scope is None:
        return Problem(code=Code.BROWSER_ONLY, more={"flows": [flow(call, operation.action, operation.page)]})
    if operation.scope not in scopes:
        return insufficient_scope(operation.scope.value, scopes, "token")
    return await _with_token(call, operation, access, token=shown.token)


async def _with_token(call: ApiCall, operation: PersonOperation, access: Access, *, token: str) -> PersonCall | Problem:
    """Go by the session behind the token: without it nothing is read, and while it is idle nothing is done."""
    services, visit = call.services, await find_visit_by_token(call.services, access)
    idle_for, now = services.rules.limits.idle_for, services.clock.now()
    if visit is None or (operation.is_act and not visit.session.is_live(now, idle_for)):
        return insufficient(call, operation)
    ticket = Ticket.read(token)
    assert ticket is not None, "a token that was found can be read"
    return PersonCall(
        api=call,
        operation=operation,
        holder=Bearer(access.grant.client_id, ticket),
        rests_on=f"grant {access.grant.grant_id}",
        visit=visit,
        scopes=allowed_scopes(services, access),
        application=services.joins.current().application(access.grant.client_id),
    )


async def _by_cookie(call: ApiCall, operation: PersonOperation) -> PersonCall | Problem:
    """Take our cookies from scripts of our own pages alone (ASVS 3.5)."""
    request = call.request
    if not (request.session_ticket or request.sign_in_ticket):
        return not_signed_in(call)
    try:
        check_own_script(request, acts=operation.is_act)
    except Forged:
        return Problem(code=Code.FORGED)
    in_session, in_sign_in = await session_of(request), await sign_in_of(request)
    enrols = in_sign_in and in_sign_in.progress.sign_in.state is SignInState.AWAITING_NEW_NUMBER
    if in_sign_in and enrols and operation.in_enrolment and (operation.is_enrolling or in_session is None):
        return _enrolling(call, operation, in_sign_in)
    if in_session:
        return _in_session(call, operation, in_session)
    if in_sign_in is None:
        return not_signed_in(call)
    if not enrols:
        return not_signed_in(call, page_of(in_sign_in.progress.sign_in))
    return Problem(code=Code.ENROLMENT_ONLY, more={"flows": [flow(call, "enter_number", "/sign-in/number")]})


def _in_session(call: ApiCall, operation: PersonOperation, found: SessionExchange) -> PersonCall:
    return PersonCall(
        api=call,
        operation=operation,
        holder=found.ticket,
        rests_on=f"session {found.ticket.id}",
        visit=found.visit,
        exchange=found,
    )


def _enrolling(call: ApiCall, operation: PersonOperation, found: SignInExchange) -> PersonCall:
    return PersonCall(
        api=call,
        operation=operation,
        holder=found.ticket,
        rests_on=f"sign-in {found.ticket.id}",
        visit=None,
        exchange=found,
    )
