"""Quotas of whoever calls: acts are counted in the database, reads by each worker for itself (RateLimit headers)."""

import math

from renumber.flows.ports.services import KeyedHash
from renumber.web.api.operations.call import OperationCall
from renumber.web.api.operations.problems import Code, Problem


async def take(call: OperationCall, *, is_act: bool) -> Problem | None:
    """Count the call, or say when to come again; either way the reply says how many are left."""
    limits, now, caller = call.services.rules.limits, call.services.clock.now(), call.caller
    most = limits.api_acts_per_minute if is_act else limits.api_reads_per_minute
    if is_act:
        counted = call.services.secrets.fingerprints(KeyedHash.API_CALLS, caller.hex())
        open_at, left = await call.api.site.operator.quotas.take(counted, most, now)
    else:
        open_at, left = call.api.site.operator.reads.take(caller, most, now)
    name = "acts" if is_act else "reads"
    wait = math.ceil((open_at - now).total_seconds()) if open_at else 60
    call.headers += [("ratelimit-policy", f'"{name}";q={most};w=60'), ("ratelimit", f'"{name}";r={left};t={wait}')]
    return Problem(code=Code.TOO_MANY_REQUESTS, headers=(("retry-after", str(max(1, wait))),)) if open_at else None
