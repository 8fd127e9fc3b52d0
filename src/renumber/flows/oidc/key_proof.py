"""The proof that an application holds a key: read, and taken once (DPoP, RFC 9449)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from renumber.flows.oidc.once import SignedOnce, is_first
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Client, Services
from renumber.policies.oidc.key_proof import ProvenCall, is_made_for
from renumber.policies.oidc.lifetimes import PROOF_FOR, SKEW


@dataclass(frozen=True, slots=True)
class ProvenKey:
    """The thumbprint of a key that its holder has proven (RFC 7638), and the name of the proof."""

    jkt: str
    jti: str = field(repr=False)


NO_KEY = ProvenKey("", "")


def read_key_proof(services: Services, shown: Sequence[str], call: ProvenCall) -> ProvenKey | None:
    """Read what came as proof of a key: `NO_KEY` if nothing did, None if it isn't one proof, and for this call."""
    if not shown:
        return NO_KEY
    proof = services.signed_tokens.key_proof(shown[0]) if len(shown) == 1 else None
    if proof is None or not is_made_for(proof, call, services.clock.now()):
        return None
    return ProvenKey(proof.jkt, str(proof.claims["jti"]))


async def spend_key_proof(services: Services, client: Client, key: ProvenKey) -> bool:
    """Take a proof once, on all workers; says whether it was the first time (RFC 9449 11.1)."""
    if key == NO_KEY:
        return True
    proof = SignedOnce(f"{key.jkt}\x1f{key.jti}", KeyedHash.KEY_PROOF_SPENT, PROOF_FOR + 2 * SKEW)
    return await is_first(services, client, proof)
