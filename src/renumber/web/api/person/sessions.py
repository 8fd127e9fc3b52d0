"""The browsers in which a person is signed in, or was."""

from renumber.domain.outcomes import Refusal, Step
from renumber.flows import sessions
from renumber.flows.views import profile_view, recent_sign_ins
from renumber.policies.oidc.scopes import PersonScope
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.person.call import PersonCall
from renumber.web.api.person.operation import PersonOperations
from renumber.web.api.person.refusals import refused
from renumber.web.api.person.shapes import Activity, Ended, LiveSession, Sessions, SignIn

operations = PersonOperations()


@operations.declare("GET", "/me/sessions", scope=PersonScope.SESSIONS_READ, gives=Sessions, is_tagged=True)
async def list_sessions(call: PersonCall) -> Sessions:
    """List the browsers that are signed in."""
    own_id = call.person.session.session_id
    live = (await profile_view(call.services, call.person)).sessions
    return Sessions(
        sessions=tuple(
            LiveSession(
                session_id=each.session_id,
                browser=each.browser,
                ip=each.ip,
                signed_in_at=each.created_at,
                seen_at=each.seen_at,
                is_own=each.session_id == own_id,
            )
            for each in live
        )
    )


@operations.declare(
    "DELETE",
    "/me/sessions/{session_id}",
    scope=PersonScope.SESSIONS_WRITE,
    gives=Ended,
    is_act=True,
    refuses=(Code.NOT_NOW,),
    page="/profile",
)
async def end_session(call: PersonCall) -> Ended | Problem:
    """End the session of another browser, and with it what its applications were given."""
    session_id = call.api.request.param("session_id")
    live = {each.session_id for each in (await profile_view(call.services, call.person)).sessions}
    if session_id not in live - {call.person.session.session_id}:
        return call.refused(Refusal.SESSION_UNKNOWN, Code.SESSION_UNKNOWN)
    step = await sessions.end_session(call.services, call.client, call.holder, session_id)
    return await _left(call, step)


@operations.declare(
    "DELETE",
    "/me/sessions",
    scope=PersonScope.SESSIONS_WRITE,
    gives=Ended,
    is_act=True,
    refuses=(Code.NOT_NOW,),
)
async def end_other_sessions(call: PersonCall) -> Ended | Problem:
    """End every session but the one that this call rests on."""
    return await _left(call, await sessions.end_other_sessions(call.services, call.client, call.holder))


async def _left(call: PersonCall, step: Step[object]) -> Ended | Problem:
    if step.refusal:
        return refused(call, step)
    return Ended(left=len((await profile_view(call.services, call.person)).sessions))


@operations.declare("GET", "/me/activity", scope=PersonScope.SESSIONS_READ, gives=Activity)
async def list_activity(call: PersonCall) -> Activity:
    """List the latest sign-ins, also those whose sessions are over."""
    latest = await recent_sign_ins(call.services, call.person)
    return Activity(
        sign_ins=tuple(
            SignIn(at=each.created_at, browser=each.browser, ip=each.ip, factor=each.factor) for each in latest
        )
    )
