"""Signing in: the password, then what the account asks for next."""

from dataclasses import replace

from renumber.domain.authenticator import Factor
from renumber.domain.email_address import EmailAddress
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.phone_change import PhoneChange, enrol_first
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignIn, State
from renumber.flows.asking import ask, where_pressed
from renumber.flows.codes import send_code
from renumber.flows.consequences import VISITOR, Scene, conclude
from renumber.flows.house import House, Origin
from renumber.flows.ports import OPEN_CHANGE, Bucket, Credentials, Quota, UnitOfWork
from renumber.flows.sessions import open_session
from renumber.flows.tries import reopen
from renumber.flows.underway import PASSWORD, Passage, Underway, check, refuse_stale, resume
from renumber.policies import assurance

NOBODY = "0" * 32


async def give_password(house: House, email: EmailAddress, password: str, *, origin: Origin) -> Passage:
    """Check the password, counting the try in advance so that parallel guesses can't outrun the count."""
    now = house.clock.now()
    credentials = await house.store.credentials(email.key, origin.browser_id)
    buckets = _buckets(house, email, credentials, origin=origin)
    open_at = await house.throttle.reserve(buckets, now)
    if open_at:
        return Passage(Refusal.TOO_MANY_SIGN_INS, open_at=open_at)
    verdict = await house.passwords.verify(credentials.password_hash if credentials else None, password)
    if credentials is None or not verdict.matches:
        return await _refuse_password(house, credentials, origin)
    rehashed = await house.passwords.hash(password) if verdict.needs_rehash else None
    async with house.store.work(credentials.account_id, forgetting=[buckets[0].key]) as work:
        known = credentials.knows_browser or credentials.never_signed_in
        scene = Scene(house, origin, work.account, house.clock.now(), evidence=PASSWORD, from_known_browser=known)
        return await _open(work, scene, credentials, rehashed=rehashed)


def _buckets(house: House, email: EmailAddress, credentials: Credentials | None, *, origin: Origin) -> list[Bucket]:
    """Failures elsewhere never slow the browser that the owner signed in from before (OWASP Authentication)."""
    limits, secrets = house.rules.limits, house.secrets
    known = credentials is not None and credentials.knows_browser
    whose = f"{email.key}\x1f{origin.browser_id}" if known else email.key
    account = Bucket(secrets.fingerprints("failures.account", whose)[0], limits.free_sign_in_failures)
    return [account, Bucket(ip_key(house, origin), limits.free_ip_failures, counted_ahead=False)]


def ip_key(house: House, origin: Origin) -> bytes:
    """What failures from one IP address are counted under."""
    return house.secrets.fingerprints("failures.ip", origin.place)[0]


async def _refuse_password(house: House, credentials: Credentials | None, origin: Origin) -> Passage:
    """Write the same history for an unknown address, to nobody's account, so that both take as long."""
    account_id = credentials.account_id if credentials else NOBODY
    async with house.store.work(account_id) as work:
        scene = Scene(house, origin, work.account, house.clock.now(), VISITOR, "password")
        await work.take([Quota(ip_key(house, origin), ())], scene.now)
        conclude(work, scene, (), refusal=Refusal.WRONG_CREDENTIALS)
    return Passage(Refusal.WRONG_CREDENTIALS)


async def _open(work: UnitOfWork, scene: Scene, credentials: Credentials, *, rehashed: str | None) -> Passage:
    if work.account.password_hash != credentials.password_hash:
        conclude(work, scene, (), refusal=Refusal.WRONG_CREDENTIALS)
        return Passage(Refusal.WRONG_CREDENTIALS)
    if rehashed:
        work.keep(replace(work.account, password_hash=rehashed))
        conclude(work, scene, (Fact.PASSWORD_UPGRADED,))
    return await _begin(work, scene)


async def _begin(work: UnitOfWork, scene: Scene) -> Passage:
    change = await work.load(PhoneChange, OPEN_CHANGE)
    here = await where_pressed(work, scene, change)
    demanded = scene.house.rules.reenrolment_requires_factor
    opening = assurance.opening(
        scene.account, change, pressed_here=here.pressed, asked_here=here.asked, demanded=demanded
    )
    if opening.refusal:
        conclude(work, scene, (), refusal=opening.refusal)
        return Passage(opening.refusal)
    if opening.needs_enrolment:
        change = begin_enrolment(work, scene)
    ticket, sign_in = new_sign_in(scene, opening.state, change)
    work.keep(sign_in)
    conclude(work, replace(scene, subject=sign_in.sign_in_id), (Fact.SIGN_IN_STARTED,))
    asked = await ask(work, Underway(sign_in, change, scene))
    return Passage(None, sign_in.state, ticket, open_at=asked.open_at, method=sign_in.method)


def begin_enrolment(work: UnitOfWork, scene: Scene) -> PhoneChange:
    """Open a change for an account without a number."""
    step = enrol_first(scene.account.account_id, scene.house.secrets.new_id(), scene.now)
    work.keep(step.state)
    conclude(work, replace(scene, subject=step.state.change_id), step.facts)
    return step.state


def new_sign_in(scene: Scene, state: State, change: PhoneChange | None) -> tuple[Ticket, SignIn]:
    """Begin, at what is asked for first."""
    secrets, account_id = scene.house.secrets, scene.account.account_id
    ticket = Ticket(account_id, secrets.new_id(), secrets.new_id())
    sign_in = SignIn(
        account_id,
        ticket.id,
        secrets.fingerprints("sign-in", ticket.token)[0],
        secrets.fingerprints("browser", scene.origin.browser_id)[0],
        state,
        change.change_id if change and change.awaits_number else None,
        scene.now,
        scene.now + scene.house.rules.limits.sign_in_for,
        scene.from_known_browser,
        _first_method(scene) if state is State.AWAITING_FACTOR else Factor.PHONE,
    )
    return ticket, sign_in


def _first_method(scene: Scene) -> Factor:
    return assurance.first_method(scene.account, scene.house.rules.methods)


async def prove_factor(house: House, ticket: Ticket, code: str, *, origin: Origin) -> Passage:
    """Finish the sign-in with the code sent to the account's number."""
    async with house.store.work(ticket.account_id) as work:
        underway = await resume(work, house, ticket, origin=origin)
        if underway is None or not underway.sign_in.awaits(Factor.PHONE):
            return refuse_stale(work, house, origin, underway=underway)
        checked = await check(work, underway, code)
        if checked.refusal:
            return checked
        return await admit(work, underway, underway.sign_in.complete_with_factor(Factor.PHONE), factor=Factor.PHONE)


async def admit(work: UnitOfWork, underway: Underway, completed: Step[SignIn], *, factor: Factor) -> Passage:
    """Turn a completed sign-in into a session with a cookie of its own."""
    assert completed.state.state is State.COMPLETE, "only a completed sign-in gets a session"
    scene = replace(underway.scene, evidence=f"{underway.scene.evidence} {factor}")
    session, ticket = open_session(scene, factor)
    await reopen(work, scene)
    account = work.account.prove_password() if underway.proves_password else work.account
    work.keep(completed.state, session, account.use_factor(factor))
    enters_number = underway.sign_in.state is State.AWAITING_NEW_NUMBER
    known = completed.state.from_known_browser or enters_number
    facts = completed.facts if known else (*completed.facts, Fact.SIGNED_IN_FROM_NEW_BROWSER)
    conclude(work, replace(scene, account=work.account, subject=session.session_id), facts)
    return Passage(None, State.COMPLETE, ticket, signed_in=True)


async def send_again(house: House, ticket: Ticket, origin: Origin) -> Passage:
    """Send the code once more, whichever the sign-in waits for."""
    async with house.store.work(ticket.account_id) as work:
        underway = await resume(work, house, ticket, origin=origin)
        errand = underway.errand() if underway else None
        if underway is None or errand is None:
            return refuse_stale(work, house, origin, underway=underway)
        sent = await send_code(work, underway.scene, errand)
        return Passage(sent.refusal, underway.sign_in.state, open_at=sent.open_at)


async def prove_mailbox(house: House, ticket: Ticket, code: str, *, origin: Origin) -> Passage:
    """Let this browser go on to the new number, with the code sent to the account's address."""
    async with house.store.work(ticket.account_id) as work:
        underway = await resume(work, house, ticket, origin=origin)
        if underway is None or underway.sign_in.state is not State.AWAITING_MAILBOX:
            return refuse_stale(work, house, origin, underway=underway)
        checked = await check(work, underway, code)
        if checked.refusal:
            return checked
        step = underway.sign_in.prove_mailbox()
        work.keep(step.state)
        conclude(work, underway.scene, step.facts)
        return Passage(None, step.state.state)
