"""Recovery codes: made as a set, shown once, and one of them given at a sign-in."""

from dataclasses import dataclass, field, replace

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.recovery_codes import COUNT, FEW, IN_USE, RecoveryCodes, keep_codes, make_codes
from renumber.domain.session import Ticket
from renumber.flows.act import Client, Services
from renumber.flows.attempts import count
from renumber.flows.consequences import conclude
from renumber.flows.factors.manage import adding, bind, exchange, managing, unbind
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.sign_in.in_progress import SignInInProgress, SignInResult, refuse_stale, resume
from renumber.flows.sign_in.prove import admit


@dataclass(frozen=True, slots=True)
class NewSet:
    """A set that was just made: the only moment at which anyone sees its codes."""

    kept: RecoveryCodes
    codes: tuple[str, ...] = field(repr=False)


async def make_set(services: Services, client: Client, ticket: Ticket, *, replacing: str) -> Step[NewSet | None]:
    """Make ten codes in the place of the set that `replacing` names; sent twice, the page shows no second set."""
    async with adding(services, client, ticket, factor=Factor.RECOVERY_CODE) as managed:
        standing = None if managed.refusal else await managed.work.load(RecoveryCodes, IN_USE)
        refusal = managed.refusal or (Refusal.CODES_SHOWN if replacing != name_of(standing) else None)
        if refusal is Refusal.CODES_SHOWN:
            conclude(managed.work, managed.scene, (), refusal=refusal)
        refusal = refusal or exchange(managed, Factor.RECOVERY_CODE, standing.made_at if standing else None)
        refusal = refusal or await managed.told()
        if refusal:
            return Step(None, refusal=refusal)
        codes = make_codes([services.secrets.new_id() for _ in range(COUNT)])
        salt = bytes.fromhex(services.secrets.new_id())
        kept = keep_codes(ticket.account_id, codes, salt, over=standing, now=managed.scene.now)
        managed.work.keep(kept)
        await bind(managed, Factor.RECOVERY_CODE)
        return Step(NewSet(kept, tuple(codes)))


def name_of(codes: RecoveryCodes | None) -> str:
    """What a page says to mean this set and no newer one; of a set that is used up or removed, nothing."""
    return codes.made_at.isoformat() if codes and codes.left else ""


async def remove_set(services: Services, client: Client, ticket: Ticket) -> Refusal | None:
    """Take none of them any more."""
    async with managing(services, client, ticket, factor=Factor.RECOVERY_CODE) as managed:
        refusal = managed.refusal or unbind(managed, Factor.RECOVERY_CODE)
        codes = None if refusal else await managed.work.load(RecoveryCodes, IN_USE)
        if codes:
            managed.work.keep(codes.remove())
        return refusal


async def prove_code(services: Services, client: Client, ticket: Ticket, *, code: str) -> SignInResult:
    """Finish the sign-in with one of the codes, which is used up by it, in parallel too."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None or not in_progress.sign_in.awaits(Factor.RECOVERY_CODE):
            return refuse_stale(work, services, client, in_progress=in_progress)
        return await _prove(work, in_progress, code)


async def _prove(work: UnitOfWork, in_progress: SignInInProgress, code: str) -> SignInResult:
    scene, factor = in_progress.scene, Factor.RECOVERY_CODE
    codes = await work.load(RecoveryCodes, IN_USE)
    is_suspended = factor in work.account.suspended
    if codes is None or factor not in work.account.factors or is_suspended:
        refusal = Refusal.FACTOR_SUSPENDED if is_suspended else Refusal.FACTOR_UNKNOWN
        conclude(work, scene, (), refusal=refusal)
        return in_progress.result(refusal)
    step = codes.use(code, scene.now)
    counted = await count(work, scene, factor, refusal=step.refusal)
    if counted.refusal:
        return replace(in_progress.result(counted.refusal), tries_left=counted.tries_left)
    _use_up(work, in_progress, step)
    return await admit(work, in_progress, in_progress.sign_in.complete_with_factor(factor), factor=factor)


def _use_up(work: UnitOfWork, in_progress: SignInInProgress, used: Step[RecoveryCodes]) -> None:
    """Tell how many are left; with the last one the method goes, or the picker would offer what nobody has."""
    left = used.state.left
    work.keep(used.state)
    if left == 0:
        work.keep(work.account.remove_factor(Factor.RECOVERY_CODE).state)
    about = {"left": str(left), "few": "yes" if left <= FEW else ""}
    conclude(work, replace(in_progress.scene, extra=about), used.facts)
