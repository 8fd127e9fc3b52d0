"""Sessions: opening, reauthenticating, ending."""

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.session import Session, Ticket
from renumber.flows.act import Client, Services
from renumber.flows.consequences import Scene, conclude
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Bucket, UnitOfWork


def open_session(scene: Scene, factor: Factor | None) -> tuple[Session, Ticket]:
    """Make a session with a reference token of its own (ASVS 7.2.4: a new one at every sign-in)."""
    secrets, now = scene.services.secrets, scene.now
    ticket = Ticket(scene.account.account_id, secrets.new_id(), secrets.new_id())
    session = Session(
        ticket.account_id,
        ticket.id,
        secrets.fingerprints(KeyedHash.SESSION, ticket.token)[0],
        secrets.fingerprints(KeyedHash.BROWSER, scene.client.browser_id)[0],
        scene.client.browser,
        scene.client.ip,
        factor,
        now if factor else None,
        authenticated_at=now,
        created_at=now,
        seen_at=now,
        expires_at=now + scene.services.rules.limits.session_for,
    )
    return session, ticket


async def present(work: UnitOfWork, services: Services, ticket: Ticket) -> Session | None:
    """Load the live session that a cookie stands for."""
    session = await work.load(Session, ticket.id)
    if session is None or session.token_key not in services.secrets.fingerprints(KeyedHash.SESSION, ticket.token):
        return None
    return session if session.is_live(services.clock.now(), services.rules.limits.idle_for) else None


def scene_of(work: UnitOfWork, services: Services, session: Session, *, client: Client, subject: str = "") -> Scene:
    """An act of the owner in this session."""
    evidence = f"session {session.session_id} {session.factor or 'password'}"
    return Scene(services, client, work.account, services.clock.now(), evidence=evidence, subject=subject)


async def reauthenticate(services: Services, client: Client, ticket: Ticket, *, password: str) -> Step[Ticket]:
    """Take the password again for a sensitive act; the session keeps its second factor (NIST SP 800-63B-4 2.2.3)."""
    now = services.clock.now()
    account = await services.store.find_account(ticket.account_id)
    assert account is not None, "a session belongs to an account"
    bucket = Bucket(
        services.secrets.fingerprints(KeyedHash.FAILURES_IN_SESSION, ticket.id)[0],
        services.rules.limits.free_sign_in_failures,
    )
    open_at = await services.throttle.reserve([bucket], now)
    if open_at:
        return Step(ticket, refusal=Refusal.TOO_MANY_SIGN_INS, open_at=open_at)
    verdict = await services.passwords.verify(account.password_hash, password)
    return await _renew(services, client, ticket, bucket=bucket, matches=verdict.matches, against=account.password_hash)


async def _renew(
    services: Services, client: Client, ticket: Ticket, *, bucket: Bucket, matches: bool, against: str
) -> Step[Ticket]:
    async with services.store.work(ticket.account_id) as work:
        if matches:
            work.forget(bucket.key)
        session = await present(work, services, ticket)
        if session is None:
            return Step(ticket, refusal=Refusal.SESSION_UNKNOWN)
        scene = scene_of(work, services, session, client=client, subject=session.session_id)
        if not matches or work.account.password_hash != against:
            conclude(work, scene, (), refusal=Refusal.WRONG_CREDENTIALS)
            return Step(ticket, refusal=Refusal.WRONG_CREDENTIALS)
        renewed, token_key = new_token(services, ticket)
        step = session.reauthenticate(token_key, scene.now)
        work.keep(step.state)
        conclude(work, scene, step.facts)
        return Step(renewed, step.facts)


def new_token(services: Services, ticket: Ticket) -> tuple[Ticket, bytes]:
    """Another reference token for the same session, and what is kept of it."""
    renewed = Ticket(ticket.account_id, ticket.id, services.secrets.new_id())
    return renewed, services.secrets.fingerprints(KeyedHash.SESSION, renewed.token)[0]


async def choose_language(services: Services, client: Client, ticket: Ticket, *, locale: str) -> Step[Ticket]:
    """Let mails and texts follow the language that the person reads."""
    async with services.store.work(ticket.account_id) as work:
        session = await present(work, services, ticket)
        if session is None:
            return Step(ticket, refusal=Refusal.SESSION_UNKNOWN)
        step = work.account.choose_language(locale)
        work.keep(step.state)
        conclude(work, scene_of(work, services, session, client=client), step.facts)
        return Step(ticket, step.facts)


async def sign_out(services: Services, client: Client, ticket: Ticket) -> Step[Ticket]:
    """End the session of this browser."""
    return await _end(services, client, ticket, session_id=ticket.id, fact=Fact.SIGNED_OUT)


async def end_session(services: Services, client: Client, ticket: Ticket, *, session_id: str) -> Step[Ticket]:
    """End another session of the same account (ASVS 7.5.2)."""
    return await _end(services, client, ticket, session_id=session_id, fact=Fact.SESSION_ENDED)


async def _end(services: Services, client: Client, ticket: Ticket, *, session_id: str, fact: Fact) -> Step[Ticket]:
    async with services.store.work(ticket.account_id) as work:
        session = await present(work, services, ticket)
        other = await work.load(Session, session_id)
        if session is None or other is None:
            return Step(ticket, refusal=Refusal.SESSION_UNKNOWN)
        step = other.end(services.clock.now(), fact)
        work.keep(step.state)
        conclude(
            work, scene_of(work, services, session, client=client, subject=session_id), step.facts, refusal=step.refusal
        )
        return Step(ticket, step.facts, step.refusal)


async def end_other_sessions(services: Services, client: Client, ticket: Ticket) -> Step[Ticket]:
    """End every session of the account but this one, and tell its owner, if there was any."""
    async with services.store.work(ticket.account_id) as work:
        session = await present(work, services, ticket)
        if session is None:
            return Step(ticket, refusal=Refusal.SESSION_UNKNOWN)
        now, idle_for = services.clock.now(), services.rules.limits.idle_for
        live = [each for each in await work.load_all(Session) if each.is_live(now, idle_for)]
        work.end_all(now, keeping=session.session_id)
        facts = (Fact.SESSIONS_ENDED,) if len(live) > 1 else ()
        conclude(work, scene_of(work, services, session, client=client), facts)
        return Step(ticket, facts)
