"""The proof that an application holds a key: read, and taken once (DPoP, RFC 9449)."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from renumber.flows.oidc.once import SignedOnce, is_first
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Client, Services
from renumber.policies.joins import Application
from renumber.policies.oidc.key_proof import ProvenCall, is_made_for, nonce_turns
from renumber.policies.oidc.lifetimes import PROOF_FOR, SKEW


@dataclass(frozen=True, slots=True)
class ProvenKey:
    """The thumbprint of a key that its holder has proven (RFC 7638), the name of the proof, and the nonce in it."""

    jkt: str
    jti: str = field(repr=False)
    nonce: str = field(default="", repr=False)


NO_KEY = ProvenKey("", "")
NONCE_LENGTH = 32  # hexadecimal digits: 128 bits


def read_key_proof(services: Services, shown: Sequence[str], call: ProvenCall) -> ProvenKey | None:
    """Read what came as proof of a key: `NO_KEY` if nothing did, None if it isn't one proof, and for this call."""
    if not shown:
        return NO_KEY
    proof = services.signed_tokens.key_proof(shown[0]) if len(shown) == 1 else None
    if proof is None or not is_made_for(proof, call, services.clock.now()):
        return None
    nonce = proof.claims.get("nonce", "")
    return ProvenKey(proof.jkt, str(proof.claims["jti"]), nonce if isinstance(nonce, str) else "")


def newest_nonce(services: Services) -> str:
    """Make the nonce that is given out now: the same in all processes, and kept nowhere (RFC 9449 8)."""
    return _nonces(services)[0]


def lacks_nonce(services: Services, application: Application | None, key: ProvenKey) -> bool:
    """Tell whether a proof has to come again with a nonce: none was in it, or one that is made up or too old.

    Whoever had the use of the key for a moment could else make proofs for as long as they like (RFC 9449 11.2).
    """
    if application is None or not application.uses_nonces or key == NO_KEY:
        return False
    shown = key.nonce.encode()
    return not any(hmac.compare_digest(shown, nonce.encode()) for nonce in _nonces(services))


def _nonces(services: Services) -> list[str]:
    """All that are taken now, the newest first: of this turn and the last, by this key of ours and the one before."""
    turns = nonce_turns(services.clock.now())
    hashed = [services.secrets.fingerprints(KeyedHash.PROOF_NONCE, str(turn)) for turn in turns]
    return [key.hex()[:NONCE_LENGTH] for keys in hashed for key in keys]


async def spend_key_proof(services: Services, client: Client, key: ProvenKey) -> bool:
    """Take a proof once, on all workers; says whether it was the first time (RFC 9449 11.1)."""
    if key == NO_KEY:
        return True
    proof = SignedOnce(f"{key.jkt}\x1f{key.jti}", KeyedHash.KEY_PROOF_SPENT, PROOF_FOR + 2 * SKEW)
    return await is_first(services, client, proof)
