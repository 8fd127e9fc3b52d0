"""The way into an operation: key, quota, scope and what was sent are judged before it is carried out."""

import re
from collections.abc import Sequence
from dataclasses import replace

import msgspec
from litestar.response.base import ASGIResponse

from renumber.flows.ports.store import AccountUnknown
from renumber.policies.joins import ApiKey, Scope
from renumber.web.api.call import JSON, ApiCall
from renumber.web.api.operator import quota
from renumber.web.api.operator.call import OperatorCall, Written, key_of
from renumber.web.api.operator.once import once
from renumber.web.api.operator.operation import Operation
from renumber.web.api.operator.problems import Code, Problem
from renumber.web.api.routes import Endpoint
from renumber.web.problem import problem_reply

ACCOUNT_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
REALM = 'Bearer realm="Renumber"'


def entrance(operation: Operation) -> Endpoint:
    """Let a key in that has the scope of the operation."""

    async def enter(call: ApiCall) -> ASGIResponse:
        key = key_of(call)
        if key is None:
            return _unauthorized(call)
        return await _let_in(OperatorCall(call, key), operation)

    return enter


def _unauthorized(call: ApiCall) -> ASGIResponse:
    """Ask for a key (RFC 6750 3); of one that was shown it is said only that it doesn't hold."""
    shown = ', error="invalid_token"' if call.request.header("authorization") else ""
    headers = [("www-authenticate", f"{REALM}{shown}")]
    problem = Problem(code=Code.UNAUTHORIZED)
    return problem_reply(call.request, problem.status, problem.members(), headers=headers)


async def _let_in(call: OperatorCall, operation: Operation) -> ASGIResponse:
    refused = _lacking(call.key, operation.scope) or await quota.take(call, is_act=operation.is_act)
    if refused:
        return call.send(call.worded(refused))
    given = await _read(call, operation)
    if isinstance(given, Problem):
        return call.send(call.worded(given))

    async def carry_out() -> Written:
        try:
            outcome = await operation.answer(call, *given)
        except AccountUnknown:  # erased by another call, since it was found
            outcome = Problem(code=Code.ACCOUNT_UNKNOWN)
        if isinstance(outcome, Problem):
            return call.worded(outcome)
        return Written(operation.status, JSON, msgspec.json.encode(outcome).decode() if outcome is not None else "")

    written = await once(call, carry_out) if operation.is_act else await carry_out()
    is_tagged = operation.is_tagged and written.status == operation.status
    return call.send_tagged(written) if is_tagged else call.send(written)


def _lacking(key: ApiKey, scope: Scope) -> Problem | None:
    if scope in key.scopes:
        return None
    challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
    has = ", ".join(sorted(key.scopes)) or "none"
    detail = f"This needs the scope {scope}; the key has {has}."
    return Problem(
        code=Code.INSUFFICIENT_SCOPE,
        detail=detail,
        more={"scope": scope.value},
        headers=(("www-authenticate", challenge),),
    )


async def _read(call: OperatorCall, operation: Operation) -> Sequence[msgspec.Struct] | Problem:
    """Read what was sent: the id in the path, the query and the body, of just the shapes that were declared."""
    if operation.names_account and not ACCOUNT_ID.fullmatch(call.account_id):
        return Problem(code=Code.ACCOUNT_UNKNOWN)
    asked = [call.asked(operation.asks)] if operation.asks else []
    sent = [await call.read(operation.takes)] if operation.takes else []
    problems = [one for one in (*asked, *sent) if isinstance(one, Problem)]
    return (
        _as_told(problems[0], operation)
        if problems
        else [one for one in (*asked, *sent) if not isinstance(one, Problem)]
    )


def _as_told(problem: Problem, operation: Operation) -> Problem:
    return replace(problem, code=operation.invalid) if problem.code is Code.NOT_VALID else problem
