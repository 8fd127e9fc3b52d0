"""Freezing an account by a "This wasn't me" link or by the operator, and releasing it."""

from dataclasses import dataclass, replace
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.actor import Actor
from renumber.domain.factor import Factor
from renumber.domain.link import Link, LinkPurpose
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.phone_change import ChangeState, PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.act import Client, Services
from renumber.flows.attempts import about_factor, keep_status, status_of
from renumber.flows.codes import send_code
from renumber.flows.consequences import Scene, conclude
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.sign_in.in_progress import SignInInProgress, SignInResult, check, refuse_stale, resume

CAN_BE_STOPPED = frozenset(
    {ChangeState.REQUESTED, ChangeState.AWAITING_NEW_NUMBER, ChangeState.AWAITING_CODE, ChangeState.COMPLETED}
)


@dataclass(frozen=True, slots=True)
class StopView:
    """What the freeze page shows."""

    refusal: Refusal | None
    account: Account | None = None
    release_until: datetime | None = None


async def look_at_stop(services: Services, token: str) -> StopView:
    """Say whether this link could still freeze the account, changing nothing."""
    link = await _find(services, token)
    account = await services.store.find_account(link.account_id) if link else None
    if link is None or account is None:
        return StopView(Refusal.LINK_UNKNOWN)
    change = await services.store.find_change(link.account_id, link.subject) if link.subject else None
    return StopView(_examine(services, account, link, change=change), account, account.former_until)


async def _find(services: Services, token: str) -> Link | None:
    """The link of a change may stop it as well as go on with it: both buttons stand on its page."""
    link = await services.store.find_link(LinkPurpose.STOP, token)
    return link or await services.store.find_link(LinkPurpose.PHONE_CHANGE, token)


def _examine(services: Services, account: Account, link: Link, *, change: PhoneChange | None) -> Refusal | None:
    if account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if services.clock.now() >= link.expires_at:
        return Refusal.LINK_EXPIRED
    if link.used_at or (change and change.state not in CAN_BE_STOPPED):
        return Refusal.NOTHING_TO_STOP
    return None


async def freeze_by_link(services: Services, client: Client, token: str) -> Step[Account | None]:
    """Freeze the account; it gives nobody access, so that the link needs no other proof."""
    link = await _find(services, token)
    if link is None:
        return Step(None, refusal=Refusal.LINK_UNKNOWN)
    async with services.store.work(link.account_id) as work:
        link = await work.load(Link, link.link_id) or link  # as it is now that the account is locked
        change = await work.load(PhoneChange, link.subject) if link.subject else None
        scene = Scene(
            services, client, work.account, services.clock.now(), Actor.VISITOR, f"link {link.link_id}", link.subject
        )
        refusal = _examine(services, work.account, link, change=change)
        if refusal:
            conclude(work, scene, (), refusal=refusal)
            return Step(work.account, refusal=refusal)
        work.keep(link.use(scene.now))
        return await _freeze(work, scene)


async def freeze_by_operator(services: Services, client: Client, account_id: str, *, reason: str) -> Step[Account]:
    """Freeze the account for a reason that the history keeps."""
    async with services.store.work(account_id) as work:
        scene = Scene(services, client, work.account, services.clock.now(), Actor.OPERATOR, f"reason: {reason}")
        return await _freeze(work, scene)


async def _freeze(work: UnitOfWork, scene: Scene) -> Step[Account]:
    step = scene.account.freeze(scene.now)
    if step.refusal:
        conclude(work, scene, (), refusal=step.refusal)
        return step
    change = await work.open_change()
    stopped = change.stop(scene.now) if change else None
    if stopped:
        work.keep(stopped.state)
    work.keep(step.state)
    work.end_all(scene.now)
    former, until = scene.account.number_for_release(scene.now), scene.account.former_until
    told = replace(
        scene.of(step.state), number=former, extra={"release_until": until.isoformat() if former and until else ""}
    )
    conclude(work, told, (*step.facts, *(stopped.facts if stopped else ())))
    return step


async def begin_release(services: Services, client: Client, ticket: Ticket) -> SignInResult:
    """Send the first of two codes, to the mailbox, if the owner can still release the account by themselves."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None or in_progress.sign_in.state is not SignInState.AWAITING_RELEASE_MAILBOX:
            return refuse_stale(work, services, client, in_progress=in_progress)
        refusal = _may_release(in_progress)
        if refusal:
            conclude(work, in_progress.scene, (), refusal=refusal)
            return SignInResult(refusal, in_progress.sign_in.state)
        conclude(work, in_progress.scene, (Fact.RELEASE_STARTED,))
        return await _send(work, in_progress)


def _may_release(in_progress: SignInInProgress) -> Refusal | None:
    """One mailbox never counts twice: with a password that it renewed, a stolen phone with its mail program would undo
    the change that its owner made because of the theft.
    """
    account = in_progress.scene.account
    if account.number_for_release(in_progress.scene.now) is None:
        return Refusal.RELEASE_TOO_LATE
    is_vouched_for = account.former_until is not None and account.password_rests_on_mailbox
    return Refusal.RELEASE_NEEDS_OPERATOR if is_vouched_for else None


async def _send(work: UnitOfWork, in_progress: SignInInProgress) -> SignInResult:
    intent = in_progress.intent()
    assert intent is not None, "a release waits for a code"
    sent = await send_code(work, in_progress.scene, intent)
    return SignInResult(sent.refusal, in_progress.sign_in.state, open_at=sent.open_at)


async def prove_release_mailbox(services: Services, client: Client, ticket: Ticket, *, code: str) -> SignInResult:
    """Take the mailbox's code, and send the second one to the number that was bound before the change."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None or in_progress.sign_in.state is not SignInState.AWAITING_RELEASE_MAILBOX:
            return refuse_stale(work, services, client, in_progress=in_progress)
        refusal = _may_release(in_progress)
        if refusal:
            conclude(work, in_progress.scene, (), refusal=refusal)
        checked = SignInResult(refusal, in_progress.sign_in.state) if refusal else await check(work, in_progress, code)
        if checked.refusal:
            return checked
        step = in_progress.sign_in.prove_release_mailbox()
        work.keep(step.state)
        conclude(work, in_progress.scene, step.facts)
        sent = await _send(work, replace(in_progress, sign_in=step.state))
        return replace(sent, refusal=None)


async def prove_release_number(services: Services, client: Client, ticket: Ticket, *, code: str) -> SignInResult:
    """Take the number's code: the account opens with that number, and its owner signs in anew."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None or in_progress.sign_in.state is not SignInState.AWAITING_RELEASE_NUMBER:
            return refuse_stale(work, services, client, in_progress=in_progress)
        number = work.account.number_for_release(in_progress.scene.now)
        if number is None:
            conclude(work, in_progress.scene, (), refusal=Refusal.RELEASE_TOO_LATE)
            return SignInResult(Refusal.RELEASE_TOO_LATE, in_progress.sign_in.state)
        checked = await check(work, in_progress, code)
        if checked.refusal:
            return checked
        work.keep(in_progress.sign_in.prove_release_number().state)
        await _release(work, in_progress.scene, number)
        return SignInResult(None, SignInState.ENDED)


async def _release(work: UnitOfWork, scene: Scene, number: PhoneNumber | None) -> Step[Account]:
    """Open the account; the number before the change is told too, whichever number is bound now."""
    before, step = work.account, work.account.release(number)
    doubted = before.factors - before.lost if number and step.refusal is None else frozenset()
    if step.refusal is None:
        work.keep(step.state)
        work.end_all(scene.now)
        await _doubt(work, scene, doubted)
    former = replace(step.state.numbers, former=before.former_number, former_until=before.former_until)
    told = replace(step.state, numbers=former)
    about = replace(scene.of(told), extra={"doubted": "yes" if doubted else ""})
    conclude(work, about, step.facts, refusal=step.refusal)
    return step


async def _doubt(work: UnitOfWork, scene: Scene, factors: frozenset[Factor]) -> None:
    """Trust the number alone: whoever was the reason for the freeze may have added any of the others.

    Its owner opens again what is theirs, in a session that the number has confirmed.
    """
    for factor in sorted(factors):
        keep_status(work, (await status_of(work, scene, factor)).report_lost(scene.now).state)
        conclude(work, about_factor(scene, factor), (Fact.FACTOR_DOUBTED,))
    phone = await status_of(work, scene, Factor.PHONE)
    if phone.is_lost and work.account.number:
        keep_status(work, phone.restore_lost().state)
        conclude(work, about_factor(scene, Factor.PHONE), (Fact.FACTOR_RESTORED,))


async def release_by_operator(
    services: Services, client: Client, account_id: str, *, reason: str, wanted: Wanted = Wanted.RECENT
) -> Step[Account]:
    """Open a frozen account; unless told otherwise, the number before a recent change comes back."""
    async with services.store.work(account_id) as work:
        scene = Scene(services, client, work.account, services.clock.now(), Actor.OPERATOR, f"reason: {reason}")
        return await _release(work, scene, work.account.number_to_restore(wanted))
