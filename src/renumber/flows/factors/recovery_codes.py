"""Recovery codes: made as a set, shown once, and one of them given at a sign-in."""

from dataclasses import dataclass, field, replace

from renumber.domain.factor import Factor, Proven
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.recovery_codes import COUNT, FEW, IN_USE, RecoveryCodes, keep_codes, make_codes
from renumber.flows.act import SessionAct
from renumber.flows.attempts import count_attempt
from renumber.flows.factors.manage import adding, bind, may_exchange, removing, turn_to_tell, unbind
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.flows.sign_in.prove import confirm


@dataclass(frozen=True, slots=True)
class NewSet:
    """A set that was just made: the only moment at which anyone sees its codes."""

    kept: RecoveryCodes
    codes: tuple[str, ...] = field(repr=False)


@adding(Factor.RECOVERY_CODE)
async def make_set(act: SessionAct, replacing: str) -> Step[NewSet | None]:
    """Make ten codes in the place of the set that `replacing` names; sent twice, the page shows no second set."""
    standing = await act.work.load(RecoveryCodes, IN_USE)
    if replacing != name_of(standing):
        return act.refuse(Refusal.CODES_SHOWN)
    refusal = await may_exchange(act, Factor.RECOVERY_CODE, standing.made_at if standing else None)
    refusal = refusal or await turn_to_tell(act)
    if refusal:
        return act.refuse(refusal)
    secrets = act.services.secrets
    codes = make_codes([secrets.new_id() for _ in range(COUNT)])
    salt = bytes.fromhex(secrets.new_id())
    kept = keep_codes(act.account.account_id, codes, salt, over=standing, now=act.now)
    act.keep(kept)
    return act.done(NewSet(kept, tuple(codes)), *await bind(act, Factor.RECOVERY_CODE))


def name_of(codes: RecoveryCodes | None) -> str:
    """The name by which a page means this set and no newer one; empty for a set that is used up or removed."""
    return codes.made_at.isoformat() if codes and codes.left else ""


@removing(Factor.RECOVERY_CODE)
async def remove_set(act: SessionAct) -> Step[None]:
    """Take the whole set away."""
    codes = await act.work.load(RecoveryCodes, IN_USE)
    step = await unbind(act, Factor.RECOVERY_CODE, codes.made_at if codes else None)
    if codes and step.refusal is None:
        act.keep(codes.remove())
    return step


@in_sign_in(awaiting=Factor.RECOVERY_CODE)
async def prove_code(act: SignInAct, code: str) -> Step[SignInResult | None]:
    """Finish the sign-in with one of the codes, which is used up by it, in parallel too."""
    factor = Factor.RECOVERY_CODE
    bar = act.account.bar(factor)
    if bar:
        return act.refuse(bar)
    codes = await act.work.load(RecoveryCodes, IN_USE)
    if codes is None or factor not in act.account.factors:
        return act.refuse(Refusal.FACTOR_UNKNOWN)
    step = codes.use(code, act.now)
    counted = await count_attempt(act, factor, refusal=step.refusal)
    if counted.refusal:
        return counted
    _use_up(act, step)
    return await confirm(act, Proven(factor, codes.made_at))


def _use_up(act: SignInAct, used: Step[RecoveryCodes]) -> None:
    """Tell how many are left; with the last one the method goes, or the picker would offer what nobody has."""
    left = used.state.left
    act.keep(used.state)
    if left == 0:
        act.keep(act.account.remove_factor(Factor.RECOVERY_CODE).state)
    replace(act, extra={"left": str(left), "few": "yes" if left <= FEW else ""}).record(*used.facts)
