"""The authenticator app: a key that is shown once, proven before it counts, and asked for at a sign-in."""

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.session import Ticket
from renumber.domain.totp import KEY_BYTES, Slot, TotpKey
from renumber.flows.act import Client, Services
from renumber.flows.attempts import count, status_of
from renumber.flows.codes import digits_of
from renumber.flows.consequences import conclude
from renumber.flows.factors.manage import Managing, adding, bind, exchange, managing, unbind
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.sign_in.in_progress import SignInInProgress, SignInResult, refuse_stale, resume
from renumber.flows.sign_in.prove import admit


async def begin_totp(services: Services, client: Client, ticket: Ticket) -> Step[TotpKey | None]:
    """Make a key for a new app; the one in use stays until the new one is proven."""
    async with adding(services, client, ticket, factor=Factor.TOTP) as managed:
        refusal = managed.refusal or await _exchange(managed) or await managed.told()
        if refusal:
            return Step(None, refusal=refusal)
        standing = await managed.work.load(TotpKey, Slot.PENDING)
        key = TotpKey(
            ticket.account_id,
            Slot.PENDING,
            _random_key(services),
            managed.scene.now,
            version=standing.version if standing else 0,
        )
        managed.work.keep(key)
        conclude(managed.work, managed.scene, (Fact.FACTOR_ENROLMENT_STARTED,))
        return Step(key)


async def _exchange(managed: Managing) -> Refusal | None:
    in_use = _live(await managed.work.load(TotpKey, Slot.IN_USE))
    return exchange(managed, Factor.TOTP, in_use.made_at if in_use else None)


def _random_key(services: Services) -> bytes:
    return bytes.fromhex(services.secrets.new_id() + services.secrets.new_id())[:KEY_BYTES]


async def pending_totp(services: Services, client: Client, ticket: Ticket) -> Step[TotpKey | None]:
    """The key that still has to be proven, to show it once more; it takes the same fresh session as making it."""
    async with adding(services, client, ticket, factor=Factor.TOTP) as managed:
        if managed.refusal:
            return Step(None, refusal=managed.refusal)
        return Step(_still_pending(managed, await managed.work.load(TotpKey, Slot.PENDING)))


def _still_pending(managed: Managing, key: TotpKey | None) -> TotpKey | None:
    """A key that somebody was shown some time ago is nobody's to prove any more."""
    live, shown_for = _live(key), managed.scene.services.rules.limits.device_link_for
    return live if live and managed.scene.now < live.made_at + shown_for else None


def _live(key: TotpKey | None) -> TotpKey | None:
    return key if key and key.removed_at is None else None


async def confirm_totp(services: Services, client: Client, ticket: Ticket, *, code: str) -> Step[TotpKey | None]:
    """Put the key to use with a code that the app shows."""
    async with adding(services, client, ticket, factor=Factor.TOTP) as managed:
        refusal = managed.refusal or await _exchange(managed)
        if refusal:
            return Step(None, refusal=refusal)
        pending = _still_pending(managed, await managed.work.load(TotpKey, Slot.PENDING))
        if pending is None:
            conclude(managed.work, managed.scene, (), refusal=Refusal.NOT_NOW)
            return Step(None, refusal=Refusal.NOT_NOW)
        step = pending.check(digits_of(code), managed.scene.now)
        if step.refusal:  # nothing is counted: only its owner sees the key
            conclude(managed.work, managed.scene, (), refusal=Refusal.WRONG_APP_CODE)
            return Step(pending, refusal=Refusal.WRONG_APP_CODE)
        await _put_in_use(managed, step.state)
        return Step(step.state)


async def _put_in_use(managed: Managing, proven: TotpKey) -> None:
    standing = await managed.work.load(TotpKey, Slot.IN_USE)
    managed.work.keep(proven.put_in_use(standing), proven.remove(managed.scene.now))
    await bind(managed, Factor.TOTP)


async def remove_totp(services: Services, client: Client, ticket: Ticket) -> Refusal | None:
    """Ask for its codes no more."""
    async with managing(services, client, ticket, factor=Factor.TOTP) as managed:
        refusal = managed.refusal or unbind(managed, Factor.TOTP)
        key = None if refusal else await managed.work.load(TotpKey, Slot.IN_USE)
        if key:
            managed.work.keep(key.remove(managed.scene.now))
        return refusal


async def prove_totp(services: Services, client: Client, ticket: Ticket, *, code: str) -> SignInResult:
    """Finish the sign-in with a code of the app; a step counts once, in parallel too (RFC 6238 section 5.2)."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None or not in_progress.sign_in.awaits(Factor.TOTP):
            return refuse_stale(work, services, client, in_progress=in_progress)
        return await _prove(work, in_progress, digits_of(code))


async def _prove(work: UnitOfWork, in_progress: SignInInProgress, code: str) -> SignInResult:
    scene = in_progress.scene
    key = _live(await work.load(TotpKey, Slot.IN_USE))
    suspended = (await status_of(work, scene, Factor.TOTP)).suspended_at
    if key is None or suspended:
        refusal = Refusal.FACTOR_SUSPENDED if suspended else Refusal.FACTOR_UNKNOWN
        conclude(work, scene, (), refusal=refusal)
        return in_progress.result(refusal)
    step = key.check(code, scene.now)
    counted = await count(work, scene, Factor.TOTP, refusal=step.refusal)
    if counted.refusal:
        return SignInResult(
            counted.refusal, in_progress.sign_in.state, tries_left=counted.tries_left, method=Factor.TOTP
        )
    work.keep(step.state)
    return await admit(work, in_progress, in_progress.sign_in.complete_with_factor(Factor.TOTP), factor=Factor.TOTP)
