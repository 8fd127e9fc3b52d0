"""Carrying out an operation for somebody who may call: quota and what was sent are judged before it."""

import re
from collections.abc import Sequence
from dataclasses import replace

import msgspec
from litestar.response.base import ASGIResponse

from renumber.flows.ports.store import AccountUnknown
from renumber.web.api.call import JSON
from renumber.web.api.operations import quota
from renumber.web.api.operations.call import OperationCall, Written
from renumber.web.api.operations.once import once
from renumber.web.api.operations.operation import Operation
from renumber.web.api.operations.problems import Code, Problem

REALM = 'Bearer realm="Renumber"'
_ID = re.compile(r"[0-9a-z-]{1,40}", re.ASCII)


async def let_in(call: OperationCall, operation: Operation, refused: Problem | None) -> ASGIResponse:
    """Carry an operation out, unless the entrance has refused it."""
    problem = refused or await quota.take(call, is_act=operation.is_act)
    if problem:
        return call.send(call.worded(problem))
    given = await _read(call, operation)
    if isinstance(given, Problem):
        return call.send(call.worded(given))

    async def carry_out() -> Written:
        return await _written(call, operation, given)

    written = await once(call, carry_out) if operation.takes_key else await carry_out()
    is_tagged = operation.is_tagged and written.status == operation.status
    return call.send_tagged(written) if is_tagged else call.send(written)


async def _written(call: OperationCall, operation: Operation, given: Sequence[msgspec.Struct]) -> Written:
    try:
        outcome = await operation.answer(call, *given)
    except AccountUnknown:  # erased by another call, since it was found
        outcome = Problem(code=operation.without_account)
    if isinstance(outcome, Problem):
        return call.worded(outcome)
    return Written(operation.status, JSON, msgspec.json.encode(outcome).decode() if outcome is not None else "")


async def _read(call: OperationCall, operation: Operation) -> Sequence[msgspec.Struct] | Problem:
    """Read what was sent: the ids in the path, the query and the body, of just the shapes that were declared."""
    for name, unknown in operation.named.items():
        if not _ID.fullmatch(call.api.request.param(name)):
            return Problem(code=unknown)
    asked = [call.asked(operation.asks)] if operation.asks else []
    sent = [await call.read(operation.takes)] if operation.takes else []
    problems = [one for one in (*asked, *sent) if isinstance(one, Problem)]
    if problems:
        is_shape = problems[0].code is Code.NOT_VALID
        return replace(problems[0], code=operation.invalid) if is_shape else problems[0]
    return [one for one in (*asked, *sent) if not isinstance(one, Problem)]


def insufficient_scope(scope: str, has: frozenset[str], what: str) -> Problem:
    """Say which scope is missing (RFC 6750 3.1), and which ones whoever calls has."""
    challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
    detail = f"This needs the scope {scope}; the {what} has {', '.join(sorted(has)) or 'none'}."
    headers = (("www-authenticate", challenge),)
    return Problem(code=Code.INSUFFICIENT_SCOPE, detail=detail, more={"scope": scope}, headers=headers)
