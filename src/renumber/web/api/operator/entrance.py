"""The way into an operation of the operator's: by a key that has its scope."""

from litestar.response.base import ASGIResponse

from renumber.policies.joins import ApiKey
from renumber.web.api.call import ApiCall
from renumber.web.api.operations.entrance import REALM, insufficient_scope, let_in
from renumber.web.api.operations.operation import Operation
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.operator.call import OperatorCall, key_of
from renumber.web.api.routes import Endpoint
from renumber.web.problem import problem_reply


def entrance(operation: Operation) -> Endpoint:
    """Let a key in that has the scope of the operation."""

    async def enter(call: ApiCall) -> ASGIResponse:
        key = key_of(call)
        if key is None:
            return _unauthorized(call)
        return await let_in(OperatorCall(api=call, key=key), operation, _lacking(key, operation))

    return enter


def _unauthorized(call: ApiCall) -> ASGIResponse:
    """Ask for a key (RFC 6750 3); of one that was shown it is said only that it doesn't hold."""
    shown = ', error="invalid_token"' if call.request.header("authorization") else ""
    headers = [("www-authenticate", f"{REALM}{shown}")]
    problem = Problem(code=Code.UNAUTHORIZED)
    return problem_reply(call.request, problem.status, problem.members(), headers=headers)


def _lacking(key: ApiKey, operation: Operation) -> Problem | None:
    has = frozenset(key.scopes)
    assert operation.scope is not None, "every operation of the operator's has a scope"
    return None if operation.scope in has else insufficient_scope(operation.scope.value, has, "key")
