"""Sessions: opening, reauthenticating, ending."""

from dataclasses import replace
from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.domain.factor import Proven
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Session, Ticket
from renumber.flows.act import Act, SessionAct, in_session
from renumber.flows.consequences import end_sessions
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Bucket
from renumber.flows.services import Client, Services


def open_session(act: Act, proven: Proven) -> tuple[Session, Ticket]:
    """Make a session with a reference token of its own (ASVS 7.2.4: a new one at every sign-in)."""
    session, ticket = _new_session(act, KeyedHash.SESSION, act.limits.session_for)
    return replace(session, factor=proven.factor, factor_at=act.now, factor_made_at=proven.made_at), ticket


def open_console_session(act: Act, lives_for: timedelta) -> tuple[Session, Ticket]:
    """Make a session for the console alone: by the purpose of its hash, no page of the person's takes its token."""
    return _new_session(act, KeyedHash.SESSION_AT_CONSOLE, lives_for)


def _new_session(act: Act, kind: KeyedHash, lives_for: timedelta) -> tuple[Session, Ticket]:
    secrets, now = act.services.secrets, act.now
    ticket = Ticket(act.account.account_id, secrets.new_id(), secrets.new_id())
    session = Session(
        account_id=ticket.account_id,
        session_id=ticket.id,
        token_key=secrets.fingerprints(kind, ticket.token)[0],
        browser_key=secrets.fingerprints(KeyedHash.BROWSER, act.client.browser_id)[0],
        browser=act.client.browser,
        ip=act.client.ip,
        factor=None,
        factor_at=None,
        authenticated_at=now,
        created_at=now,
        seen_at=now,
        expires_at=now + lives_for,
    )
    return session, ticket


async def reauthenticate(services: Services, client: Client, ticket: Ticket, *, password: str) -> Step[Ticket | None]:
    """Take the password again for a sensitive act; the session keeps its second factor (NIST SP 800-63B-4 2.2.3)."""
    account = await services.store.find_account(ticket.account_id)
    failures = services.secrets.fingerprints(KeyedHash.FAILURES_IN_SESSION, ticket.id)
    bucket = Bucket(failures, services.rules.limits.free_sign_in_failures)
    open_at = await services.throttle.reserve([bucket], services.clock.now())
    if open_at:
        return await _refuse_throttled(services, client, ticket, open_at)
    against = account.password_hash if account else None
    verdict = await services.passwords.verify(against, password)
    return await _renew(services, client, ticket, failures, against if verdict.matches else None)


@in_session
async def _refuse_throttled(act: SessionAct, open_at: datetime) -> Step[None]:
    return act.refuse(Refusal.TOO_MANY_SIGN_INS, open_at=open_at)


@in_session
async def _renew(act: SessionAct, failures: tuple[bytes, ...], matching_hash: str | None) -> Step[Ticket | None]:
    own = replace(act, subject=act.session.session_id)
    if matching_hash is None or act.account.password_hash != matching_hash:
        return own.refuse(Refusal.WRONG_CREDENTIALS)
    act.work.forget(failures)
    renewed, token_key = new_token(act, act.session)
    step = act.session.reauthenticate(token_key, act.now)
    act.keep(step.state)
    return own.done(renewed, *step.facts)


def new_token(act: Act, session: Session) -> tuple[Ticket, bytes]:
    """Make another reference token for the same session, and its keyed hash, which is all that is kept of it."""
    secrets = act.services.secrets
    renewed = Ticket(session.account_id, session.session_id, secrets.new_id())
    return renewed, secrets.fingerprints(KeyedHash.SESSION, renewed.token)[0]


@in_session
async def choose_language(act: SessionAct, locale: str) -> Step[Account]:
    """Let mails and texts follow the language that the person reads."""
    return act.carry_out(act.account.choose_language(locale))


@in_session
async def sign_out(act: SessionAct) -> Step[Session | None]:
    """End the session of this browser."""
    return _end(act, act.session, Fact.SIGNED_OUT)


@in_session
async def end_session(act: SessionAct, session_id: str) -> Step[Session | None]:
    """End another session of the same account (ASVS 7.5.2)."""
    other = await act.work.load(Session, session_id)
    return _end(act, other, Fact.SESSION_ENDED) if other else act.refuse(Refusal.SESSION_UNKNOWN)


def _end(act: SessionAct, session: Session, fact: Fact) -> Step[Session | None]:
    return replace(act, subject=session.session_id).carry_out(session.end(act.now, fact))


@in_session
async def end_other_sessions(act: SessionAct) -> Step[None]:
    """End every session of the account but this one, and tell its owner, if there was any."""
    live = [each for each in await act.work.load_all(Session) if each.is_live(act.now, act.limits.idle_for)]
    end_sessions(act, keeping=act.session.session_id)
    return act.done(None, *((Fact.SESSIONS_ENDED,) if len(live) > 1 else ()))
