"""Signing in: the password, then what the account asks for next."""

from dataclasses import replace

from renumber.domain.account import NOBODY
from renumber.domain.actor import Actor
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Refusal
from renumber.domain.phone_change import PhoneChange, enrol_first
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.act import Client, Services
from renumber.flows.consequences import Scene, conclude
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Bucket, Credentials, Quota, UnitOfWork
from renumber.flows.sign_in.in_progress import PASSWORD, SignInInProgress, SignInResult
from renumber.flows.sign_in.method import ask, where_pressed
from renumber.policies.methods import first_method
from renumber.policies.sign_in_path import opening_after_password


async def give_password(services: Services, client: Client, email: EmailAddress, *, password: str) -> SignInResult:
    """Check the password, counting the try in advance so that parallel guesses can't outrun the count."""
    now = services.clock.now()
    credentials = await services.store.credentials(email.key, client.browser_id)
    buckets = _buckets(services, client, email, credentials=credentials)
    open_at = await services.throttle.reserve(buckets, now)
    if open_at:
        return SignInResult(Refusal.TOO_MANY_SIGN_INS, open_at=open_at)
    verdict = await services.passwords.verify(credentials.password_hash if credentials else None, password)
    if credentials is None or not verdict.matches:
        return await _refuse_password(services, client, credentials)
    rehashed = await services.passwords.hash(password) if verdict.needs_rehash else None
    async with services.store.work(credentials.account_id) as work:
        work.forget(buckets[0].key)
        known = credentials.knows_browser or credentials.never_signed_in
        scene = Scene(services, client, work.account, services.clock.now(), evidence=PASSWORD, from_known_browser=known)
        return await _open(work, scene, credentials, rehashed=rehashed)


def _buckets(
    services: Services, client: Client, email: EmailAddress, *, credentials: Credentials | None
) -> list[Bucket]:
    """Failures elsewhere never slow the browser that the owner signed in from before (OWASP Authentication)."""
    limits, secrets = services.rules.limits, services.secrets
    known = credentials is not None and credentials.knows_browser
    whose = f"{email.key}\x1f{client.browser_id}" if known else email.key
    account = Bucket(secrets.fingerprints(KeyedHash.FAILURES_OF_ACCOUNT, whose)[0], limits.free_sign_in_failures)
    return [account, Bucket(ip_key(services, client), limits.free_ip_failures, counted_ahead=False)]


def ip_key(services: Services, client: Client) -> bytes:
    """What failures from one IP address are counted under."""
    return services.secrets.fingerprints(KeyedHash.FAILURES_FROM_IP, client.place)[0]


async def _refuse_password(services: Services, client: Client, credentials: Credentials | None) -> SignInResult:
    """Write the same history for an unknown address, to nobody's account, so that both take as long."""
    account_id = credentials.account_id if credentials else NOBODY
    async with services.store.work(account_id) as work:
        scene = Scene(services, client, work.account, services.clock.now(), Actor.VISITOR, "password")
        await work.take([Quota(ip_key(services, client), ())], scene.now)
        conclude(work, scene, (), refusal=Refusal.WRONG_CREDENTIALS)
    return SignInResult(Refusal.WRONG_CREDENTIALS)


async def _open(work: UnitOfWork, scene: Scene, credentials: Credentials, *, rehashed: str | None) -> SignInResult:
    if work.account.password_hash != credentials.password_hash:
        conclude(work, scene, (), refusal=Refusal.WRONG_CREDENTIALS)
        return SignInResult(Refusal.WRONG_CREDENTIALS)
    if rehashed:
        work.keep(replace(work.account, password_hash=rehashed))
        conclude(work, scene, (Fact.PASSWORD_UPGRADED,))
    return await _begin(work, scene)


async def _begin(work: UnitOfWork, scene: Scene) -> SignInResult:
    change = await work.open_change()
    here = await where_pressed(work, scene, change)
    demanded = scene.services.rules.reenrolment_requires_factor
    opening = opening_after_password(
        scene.account, change, pressed_here=here.pressed, asked_here=here.asked, demanded=demanded
    )
    if opening.refusal:
        conclude(work, scene, (), refusal=opening.refusal)
        return SignInResult(opening.refusal)
    if opening.needs_enrolment:
        change = begin_enrolment(work, scene)
    ticket, sign_in = new_sign_in(scene, opening.state, change)
    work.keep(sign_in)
    conclude(work, replace(scene, subject=sign_in.sign_in_id), (Fact.SIGN_IN_STARTED,))
    asked = await ask(work, SignInInProgress(sign_in, change, scene))
    return SignInResult(None, sign_in.state, ticket, open_at=asked.open_at, method=sign_in.method)


def begin_enrolment(work: UnitOfWork, scene: Scene) -> PhoneChange:
    """Open a change for an account without a number."""
    step = enrol_first(scene.account.account_id, scene.services.secrets.new_id(), scene.now)
    work.keep(step.state)
    conclude(work, replace(scene, subject=step.state.change_id), step.facts)
    return step.state


def new_sign_in(scene: Scene, state: SignInState, change: PhoneChange | None) -> tuple[Ticket, SignIn]:
    """Begin, at what is asked for first."""
    secrets, account_id = scene.services.secrets, scene.account.account_id
    ticket = Ticket(account_id, secrets.new_id(), secrets.new_id())
    sign_in = SignIn(
        account_id,
        ticket.id,
        secrets.fingerprints(KeyedHash.SIGN_IN, ticket.token)[0],
        secrets.fingerprints(KeyedHash.BROWSER, scene.client.browser_id)[0],
        state,
        change.change_id if change and change.awaits_number else None,
        scene.now,
        scene.now + scene.services.rules.limits.sign_in_for,
        scene.from_known_browser,
        _first_method(scene) if state is SignInState.AWAITING_FACTOR else Factor.PHONE,
    )
    return ticket, sign_in


def _first_method(scene: Scene) -> Factor:
    return first_method(scene.account, scene.services.rules.methods)
