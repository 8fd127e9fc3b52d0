"""The way into an operation: key, quota, scope and what was sent are judged before it is carried out."""

import re

import msgspec
from litestar.response.base import ASGIResponse

from renumber.policies.joins import ApiKey, Scope
from renumber.web.api.call import ApiCall
from renumber.web.api.operator.call import OperatorCall, key_of
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
    if operation.scope not in call.key.scopes:
        return call.tell(_lacking(call.key, operation.scope))
    outcome = await _carry_out(call, operation)
    if isinstance(outcome, Problem):
        return call.tell(outcome)
    if operation.is_tagged:
        return call.answer_tagged(outcome)
    return call.answer(outcome, status=operation.status)


def _lacking(key: ApiKey, scope: Scope) -> Problem:
    challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
    has = ", ".join(sorted(key.scopes)) or "none"
    detail = f"This needs the scope {scope}; the key has {has}."
    return Problem(
        code=Code.INSUFFICIENT_SCOPE,
        detail=detail,
        more={"scope": scope.value},
        headers=(("www-authenticate", challenge),),
    )


async def _carry_out(call: OperatorCall, operation: Operation) -> msgspec.Struct | Problem:
    if operation.names_account and not ACCOUNT_ID.fullmatch(call.account_id):
        return Problem(code=Code.ACCOUNT_UNKNOWN)
    given: list[msgspec.Struct | Problem] = []
    if operation.takes:
        given.append(await call.read(operation.takes))
    if operation.asks:
        given.append(call.asked(operation.asks))
    for one in given:
        if isinstance(one, Problem):
            return one
    return await operation.answer(call, *given)
