"""The quotas of a key: acts are counted in the database, reads by each worker for itself (RateLimit headers)."""

import math

from renumber.flows.ports.services import KeyedHash
from renumber.web.api.operator.call import OperatorCall
from renumber.web.api.operator.problems import Code, Problem


async def take(call: OperatorCall, *, is_act: bool) -> Problem | None:
    """Count the call, or say when to come again; either way the reply says how many are left."""
    limits, now, key = call.services.rules.limits, call.services.clock.now(), call.key.key_hash
    most = limits.api_acts_per_minute if is_act else limits.api_reads_per_minute
    if is_act:
        counted = call.services.secrets.fingerprints(KeyedHash.API_CALLS, key.hex())
        open_at, left = await call.operator.quotas.take(counted, most, now)
    else:
        open_at, left = call.operator.reads.take(key, most, now)
    name = "acts" if is_act else "reads"
    wait = math.ceil((open_at - now).total_seconds()) if open_at else 60
    call.headers += [("ratelimit-policy", f'"{name}";q={most};w=60'), ("ratelimit", f'"{name}";r={left};t={wait}')]
    return Problem(code=Code.TOO_MANY_REQUESTS, headers=(("retry-after", str(max(1, wait))),)) if open_at else None
