"""The authenticator app (TOTP): a key that is shown once, proven before it counts, and asked for at a sign-in."""

from renumber.domain.factor import Factor, Proven
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.totp import DIGITS, KEY_BYTES, Slot, TotpKey
from renumber.domain.typed.codes import digits_in
from renumber.flows.act import SessionAct
from renumber.flows.attempts import count_attempt
from renumber.flows.factors.manage import adding, bind, may_exchange, removing, turn_to_tell, unbind
from renumber.flows.ports.services import Secrets
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.flows.sign_in.prove import confirm


@adding(Factor.TOTP)
async def begin_totp(act: SessionAct) -> Step[TotpKey | None]:
    """Make a key for a new app; the one in use stays until the new one is proven."""
    refusal = await _may_exchange(act) or await turn_to_tell(act)
    if refusal:
        return act.refuse(refusal)
    standing = await act.work.load(TotpKey, Slot.PENDING)
    key = TotpKey(
        account_id=act.account.account_id,
        slot=Slot.PENDING,
        key=_random_key(act.services.secrets),
        made_at=act.now,
        version=standing.version if standing else 0,
    )
    act.keep(key)
    return act.done(key, Fact.FACTOR_ENROLMENT_STARTED)


async def _may_exchange(act: SessionAct) -> Refusal | None:
    in_use = _live(await act.work.load(TotpKey, Slot.IN_USE))
    return await may_exchange(act, Factor.TOTP, in_use.made_at if in_use else None)


def _random_key(secrets: Secrets) -> bytes:
    return bytes.fromhex(secrets.new_id() + secrets.new_id())[:KEY_BYTES]


@adding(Factor.TOTP)
async def pending_totp(act: SessionAct) -> Step[TotpKey | None]:
    """The key that still has to be proven, to show it once more; it takes the same fresh session as making it."""
    return act.done(await _pending(act))


async def _pending(act: SessionAct) -> TotpKey | None:
    """A key that somebody was shown some time ago is nobody's to prove any more."""
    key = _live(await act.work.load(TotpKey, Slot.PENDING))
    return key if key and act.now < key.made_at + act.limits.device_link_for else None


def _live(key: TotpKey | None) -> TotpKey | None:
    return key if key and key.removed_at is None else None


@adding(Factor.TOTP)
async def confirm_totp(act: SessionAct, code: str) -> Step[TotpKey | None]:
    """Put the key to use with a code that the app shows."""
    refusal = await _may_exchange(act)
    pending = None if refusal else await _pending(act)
    if pending is None:
        return act.refuse(refusal or Refusal.NOT_NOW)
    step = pending.check(digits_in(code, DIGITS), act.now)
    if step.refusal:  # nothing is counted: only its owner sees the key
        return act.refuse(Refusal.WRONG_APP_CODE, pending)
    standing = await act.work.load(TotpKey, Slot.IN_USE)
    act.keep(step.state.put_in_use(standing, act.now), step.state.remove(act.now))
    return act.done(step.state, *await bind(act, Factor.TOTP))


@removing(Factor.TOTP)
async def remove_totp(act: SessionAct) -> Step[None]:
    """Take the key away, and with it the method."""
    key = await act.work.load(TotpKey, Slot.IN_USE)
    step = await unbind(act, Factor.TOTP, key.made_at if key else None)
    if key and step.refusal is None:
        act.keep(key.remove(act.now))
    return step


@in_sign_in(awaiting=Factor.TOTP)
async def prove_totp(act: SignInAct, code: str) -> Step[SignInResult | None]:
    """Finish the sign-in with a code of the app; a step counts once, in parallel too (RFC 6238 section 5.2)."""
    key = _live(await act.work.load(TotpKey, Slot.IN_USE))
    bar = act.account.bar(Factor.TOTP)
    if bar or key is None:
        return act.refuse(bar or Refusal.FACTOR_UNKNOWN)
    step = key.check(digits_in(code, DIGITS), act.now)
    counted = await count_attempt(act, Factor.TOTP, refusal=step.refusal)
    if counted.refusal:
        return counted
    act.keep(step.state)
    return await confirm(act, Proven(Factor.TOTP, key.made_at))
