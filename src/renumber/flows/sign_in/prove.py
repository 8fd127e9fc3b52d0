"""Proving what a sign-in waits for, and the session that follows."""

from dataclasses import replace

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Step
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.act import Client, Services
from renumber.flows.attempts import reopen
from renumber.flows.codes import send_code
from renumber.flows.consequences import conclude
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.sessions import open_session
from renumber.flows.sign_in.in_progress import SignInInProgress, SignInResult, check, refuse_stale, resume


async def prove_factor(house: Services, ticket: Ticket, code: str, *, origin: Client) -> SignInResult:
    """Finish the sign-in with the code sent to the account's number."""
    async with house.store.work(ticket.account_id) as work:
        underway = await resume(work, house, ticket, origin=origin)
        if underway is None or not underway.sign_in.awaits(Factor.PHONE):
            return refuse_stale(work, house, origin, underway=underway)
        checked = await check(work, underway, code)
        if checked.refusal:
            return checked
        return await admit(work, underway, underway.sign_in.complete_with_factor(Factor.PHONE), factor=Factor.PHONE)


async def admit(
    work: UnitOfWork, underway: SignInInProgress, completed: Step[SignIn], *, factor: Factor
) -> SignInResult:
    """Turn a completed sign-in into a session with a cookie of its own."""
    assert completed.state.state is SignInState.COMPLETE, "only a completed sign-in gets a session"
    scene = replace(underway.scene, evidence=f"{underway.scene.evidence} {factor}")
    session, ticket = open_session(scene, factor)
    await reopen(work, scene)
    account = work.account.prove_password() if underway.proves_password else work.account
    work.keep(completed.state, session, account.use_factor(factor))
    enters_number = underway.sign_in.state is SignInState.AWAITING_NEW_NUMBER
    known = completed.state.from_known_browser or enters_number
    facts = completed.facts if known else (*completed.facts, Fact.SIGNED_IN_FROM_NEW_BROWSER)
    conclude(work, replace(scene, account=work.account, subject=session.session_id), facts)
    return SignInResult(None, SignInState.COMPLETE, ticket, signed_in=True)


async def send_again(house: Services, ticket: Ticket, origin: Client) -> SignInResult:
    """Send the code once more, whichever the sign-in waits for."""
    async with house.store.work(ticket.account_id) as work:
        underway = await resume(work, house, ticket, origin=origin)
        errand = underway.errand() if underway else None
        if underway is None or errand is None:
            return refuse_stale(work, house, origin, underway=underway)
        sent = await send_code(work, underway.scene, errand)
        return SignInResult(sent.refusal, underway.sign_in.state, open_at=sent.open_at)


async def prove_mailbox(house: Services, ticket: Ticket, code: str, *, origin: Client) -> SignInResult:
    """Let this browser go on to the new number, with the code sent to the account's address."""
    async with house.store.work(ticket.account_id) as work:
        underway = await resume(work, house, ticket, origin=origin)
        if underway is None or underway.sign_in.state is not SignInState.AWAITING_MAILBOX:
            return refuse_stale(work, house, origin, underway=underway)
        checked = await check(work, underway, code)
        if checked.refusal:
            return checked
        step = underway.sign_in.prove_mailbox()
        work.keep(step.state)
        conclude(work, underway.scene, step.facts)
        return SignInResult(None, step.state.state)
