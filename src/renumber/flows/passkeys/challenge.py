"""Challenges of passkeys: nothing is kept until one is spent, and each is spent once.

A challenge is the moment, a nonce, and a keyed hash over both and over what it is for: the purpose, the sign-in or
session that asks, and the browser. So an answer can't be carried to another browser, page or account, a page may be
loaded any number of times without a row, and any process can check it. The first answer takes the nonce's only place
in a counter that is locked until the commit: a second one, also at the same time, finds it taken.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from renumber.domain.outcomes import Refusal
from renumber.domain.passkey import CeremonyPurpose
from renumber.flows.act import Act
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.services import Client, Services
from renumber.policies.limits import Allowance

MOMENT, NONCE = 8, 16  # bytes
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Ceremony:
    """The use of a challenge; `about` is the sign-in or the session that asks, if one does."""

    purpose: CeremonyPurpose
    about: str = ""


def issue(services: Services, client: Client, ceremony: Ceremony) -> bytes:
    """Make a challenge; 128 of its bits nobody could know before (WebAuthn section 13.4.3)."""
    at = (services.clock.now() - EPOCH) // MILLISECOND
    head = at.to_bytes(MOMENT, "big") + bytes.fromhex(services.secrets.new_id())
    return head + _seals(services, client, ceremony, head=head)[0]


def _seals(services: Services, client: Client, ceremony: Ceremony, *, head: bytes) -> tuple[bytes, bytes]:
    bound_to = "\x1f".join((ceremony.purpose, ceremony.about, client.browser_id, head.hex()))
    return services.secrets.fingerprints(KeyedHash.PASSKEY_CHALLENGE, bound_to)


async def spend(act: Act, ceremony: Ceremony, challenge: bytes) -> Refusal | None:
    """Use a challenge up, whatever its answer is worth."""
    head, seal = challenge[: MOMENT + NONCE], challenge[MOMENT + NONCE :]
    seals = _seals(act.services, act.client, ceremony, head=head)
    if not any(hmac.compare_digest(seal, own) for own in seals):
        return Refusal.WRONG_PASSKEY
    window = act.limits.passkey_prompt_for
    if act.now >= EPOCH + int.from_bytes(head[:MOMENT], "big") * MILLISECOND + window:
        return Refusal.PASSKEY_TOO_LATE
    # Under both keys: while a rotation reaches one process after the other, they still see what the other has spent.
    places = dict.fromkeys(act.services.secrets.fingerprints(KeyedHash.PASSKEY_SPENT, head.hex()))
    only_once = [Quota((place,), (Allowance(1, window),)) for place in places]
    return Refusal.PASSKEY_TOO_LATE if await act.work.take(only_once, act.now) else None
