"""Proving what a sign-in waits for, and the session that follows."""

from dataclasses import replace

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Step
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.act import Client, Services
from renumber.flows.attempts import restore_suspended
from renumber.flows.codes import send_code
from renumber.flows.consequences import conclude
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.sessions import open_session
from renumber.flows.sign_in.in_progress import SignInInProgress, SignInResult, check, refuse_stale, resume


async def prove_factor(services: Services, client: Client, ticket: Ticket, *, code: str) -> SignInResult:
    """Finish the sign-in with the code sent to the account's number."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None or not in_progress.sign_in.awaits(Factor.PHONE):
            return refuse_stale(work, services, client, in_progress=in_progress)
        checked = await check(work, in_progress, code)
        if checked.refusal:
            return checked
        return await admit(
            work, in_progress, in_progress.sign_in.complete_with_factor(Factor.PHONE), factor=Factor.PHONE
        )


async def admit(
    work: UnitOfWork, in_progress: SignInInProgress, completed: Step[SignIn], *, factor: Factor
) -> SignInResult:
    """Turn a completed sign-in into a session with a cookie of its own."""
    assert completed.state.state is SignInState.COMPLETE, "only a completed sign-in gets a session"
    scene = replace(in_progress.scene, evidence=f"{in_progress.scene.evidence} {factor}")
    session, ticket = open_session(scene, factor)
    await restore_suspended(work, scene)
    account = work.account.prove_password() if in_progress.proves_password else work.account
    work.keep(completed.state, session, account.use_factor(factor))
    enters_number = in_progress.sign_in.state is SignInState.AWAITING_NEW_NUMBER
    known = completed.state.from_known_browser or enters_number
    facts = completed.facts if known else (*completed.facts, Fact.SIGNED_IN_FROM_NEW_BROWSER)
    conclude(work, replace(scene, account=work.account, subject=session.session_id), facts)
    return SignInResult(None, SignInState.COMPLETE, ticket, signed_in=True)


async def send_again(services: Services, client: Client, ticket: Ticket) -> SignInResult:
    """Send the code once more, whichever the sign-in waits for."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        intent = in_progress.intent() if in_progress else None
        if in_progress is None or intent is None:
            return refuse_stale(work, services, client, in_progress=in_progress)
        sent = await send_code(work, in_progress.scene, intent)
        return SignInResult(sent.refusal, in_progress.sign_in.state, open_at=sent.open_at)


async def prove_mailbox(services: Services, client: Client, ticket: Ticket, *, code: str) -> SignInResult:
    """Let this browser go on to the new number, with the code sent to the account's address."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None or in_progress.sign_in.state is not SignInState.AWAITING_MAILBOX:
            return refuse_stale(work, services, client, in_progress=in_progress)
        checked = await check(work, in_progress, code)
        if checked.refusal:
            return checked
        step = in_progress.sign_in.prove_mailbox()
        work.keep(step.state)
        conclude(work, in_progress.scene, step.facts)
        return SignInResult(None, step.state.state)
