"""Carrying an act out once, however often the same request comes (Idempotency-Key)."""

import hashlib
import re
from collections.abc import Awaitable, Callable

import msgspec

from renumber.flows.operator.kept_answers import KeptAnswer, OnceOnly
from renumber.web.api.operations.call import OperationCall, Written
from renumber.web.api.operations.problems import Code, Problem

_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
COME_AGAIN = {401, 403, 429}  # nothing was done: the same request may be right later
MISSING = Problem(code=Code.IDEMPOTENCY_KEY_MISSING)


async def once(call: OperationCall, carry_out: Callable[[], Awaitable[Written]]) -> Written:
    """Carry an act out, or give the answer that the same request got within a day; a fault of ours is tried anew."""
    request = await _request(call)
    if request is None:
        return call.worded(MISSING)
    answers = call.api.site.operator.answers
    earlier = await answers.begin(request)
    if earlier:
        return _again(call, request, earlier)
    try:
        written = await carry_out()
    except BaseException:
        await answers.forget(request)
        raise
    if written.status in COME_AGAIN:
        await answers.forget(request)
    else:
        await answers.keep(request, msgspec.json.encode(written).decode())
    return written


async def _request(call: OperationCall) -> OnceOnly | None:
    """Bind the key to the caller and to all that is asked; both are hashed, so that nothing can be read from them."""
    http, given = call.api.request.http, call.api.request.header("idempotency-key")
    if not _KEY.fullmatch(given):
        return None
    caller, body = call.caller, await call.api.body() or b""
    asked = b"\x1f".join((caller, http.method.encode(), http.scope["raw_path"], body))
    return OnceOnly(
        request_id=hashlib.sha256(caller + given.encode()).hexdigest(),
        fingerprint=hashlib.sha256(asked).digest(),
        began_at=call.services.clock.now(),
    )


def _again(call: OperationCall, request: OnceOnly, earlier: KeptAnswer) -> Written:
    if earlier.fingerprint != request.fingerprint:
        return call.worded(Problem(code=Code.IDEMPOTENCY_KEY_REUSED))
    if earlier.content is None:
        return call.worded(Problem(code=Code.REQUEST_UNDER_WAY, headers=(("retry-after", "1"),)))
    return msgspec.json.decode(earlier.content, type=Written)
