"""Taking once, on all workers together, what an application has signed."""

from dataclasses import dataclass, field
from datetime import timedelta

from renumber.domain.outcomes import Refusal, Step
from renumber.flows.act import Act, as_visitor
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.services import Client, Services, nobody
from renumber.policies.limits import Allowance


@dataclass(frozen=True, slots=True)
class SignedOnce:
    """Something signed, by a text that names it alone, its kind, and for how long it is good."""

    about: str = field(repr=False)
    kind: KeyedHash
    good_for: timedelta


async def is_first(services: Services, client: Client, signed: SignedOnce) -> bool:
    """Take it, and say whether it was the first time: whoever has read it can't bring it again."""
    step = await spend(services, client, nobody(services, signed.about), signed)
    return step.refusal is None


@as_visitor
async def spend(act: Act, signed: SignedOnce) -> Step[None]:
    """Take it once within the time in which it is good."""
    places = dict.fromkeys(act.services.secrets.fingerprints(signed.kind, signed.about))
    allowances = (Allowance(1, signed.good_for),)
    taken = await act.work.take([Quota((place,), allowances) for place in places], act.now)
    return act.refuse(Refusal.GRANT_USED) if taken else act.done(None)
