"""Signing in to the console by the company's identity provider (OpenID Connect Core 3.1, with PKCE)."""

import hmac
from dataclasses import dataclass, field, replace

from renumber.domain.account import Account
from renumber.domain.actor import Actor
from renumber.domain.evidence import Evidence
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Session, Ticket
from renumber.domain.support.staff import SLOT, StaffMember, newcomer_of_provider
from renumber.domain.support.staff_identity import SLOT as IDENTITY
from renumber.domain.support.staff_identity import StaffIdentity, identity_key
from renumber.flows.act import Act, as_visitor
from renumber.flows.consequences import end_sessions, entry_of_provider
from renumber.flows.oidc.once import SignedOnce, is_first
from renumber.flows.ports.provider import AuthorizationRequest, IdentityProvider, ProviderAway, ProviderTokens
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.services import Client, Services
from renumber.flows.sessions import open_console_session
from renumber.flows.support.ports import SupportServices
from renumber.policies.limits import Allowance
from renumber.policies.support import provider as judging
from renumber.policies.support.provider import (
    ALGORITHMS,
    LOGOUT_GOOD_FOR,
    SIGN_IN_FOR,
    Claims,
    ProviderPerson,
    ProviderRules,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAnswer:
    """The answer that a browser brings from the provider, and the sign-in that was begun in that browser."""

    begun: AuthorizationRequest | None
    state: str = field(repr=False)
    code: str = field(repr=False)
    issuer: str
    error: str
    locale: str


async def begin_sign_in(services: Services, asked: IdentityProvider) -> Step[tuple[AuthorizationRequest, str] | None]:
    """Make the secrets of a sign-in, and the address at the provider where it goes on."""
    new_id = services.secrets.new_id
    request = AuthorizationRequest(state=new_id(), nonce=new_id(), verifier=new_id() + new_id())
    try:
        return Step((request, await asked.address(request)))
    except ProviderAway:
        return Step(None, refusal=Refusal.PROVIDER_AWAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Somebody who comes back from the provider, and all that judges them."""

    services: Services
    support: SupportServices
    asked: IdentityProvider
    client: Client

    @property
    def rules(self) -> ProviderRules:
        """The operator's expectations of the provider."""
        return self.support.provider_rules


async def sign_in_by_provider(arrival: Arrival, answer: ProviderAnswer) -> Step[Ticket | None]:
    """Let somebody in whom the provider vouches for: once, in the browser that asked, and with a second factor."""
    try:
        claims = await _vouched(arrival, answer)
    except ProviderAway:
        return Step(None, refusal=Refusal.PROVIDER_AWAY)
    if isinstance(claims, Refusal):
        return Step(None, refusal=claims)
    rules = arrival.rules
    key = identity_key(rules.issuer, judging.subject_of(claims))
    account_id, person = await arrival.support.identities.of_identity(key), judging.person_of(claims, rules)
    if isinstance(person, Refusal):
        return await _refused(arrival, account_id, person)
    if account_id is None and person.role is None:
        return Step(None, refusal=Refusal.NO_GROUP_WITH_ROLE)
    if await _is_known_otherwise(arrival, person, account_id):
        return await _refused(arrival, account_id, Refusal.STAFF_ADDRESS_TAKEN)
    entered = account_id or await _enter(arrival, person, locale=answer.locale)
    return await _let_in(arrival.services, arrival.client, entered, person, rules)


async def _vouched(arrival: Arrival, answer: ProviderAnswer) -> Claims | Refusal:
    """Exchange the code for what the provider says of the person, if this browser has asked and nothing is amiss."""
    services, begun = arrival.services, answer.begun
    if begun is None or not hmac.compare_digest(begun.state.encode(), answer.state.encode()):
        return Refusal.PROVIDER_SIGN_IN_STALE
    spent = SignedOnce(begun.state, KeyedHash.SIGN_IN_OF_STAFF_SPENT, SIGN_IN_FOR)
    if not await is_first(services, arrival.client, spent):
        return Refusal.PROVIDER_SIGN_IN_STALE
    if not await arrival.asked.answers_for(answer.issuer):
        return Refusal.PROVIDER_ANSWER_WRONG
    if answer.error or not answer.code:
        return Refusal.PROVIDER_DECLINED
    tokens = await arrival.asked.redeem(answer.code, begun.verifier)
    return await _claims(arrival, tokens, begun.nonce) if tokens else Refusal.PROVIDER_SIGN_IN_STALE


async def _claims(arrival: Arrival, tokens: ProviderTokens, nonce: str) -> Claims | Refusal:
    """Read an ID token, and ask for what it leaves out."""
    rules, now = arrival.rules, arrival.services.clock.now()
    claims = await _verified(arrival, tokens.id_token)
    if claims is None or not judging.is_for_us(claims, rules, now, nonce=nonce):
        return Refusal.PROVIDER_ANSWER_WRONG
    if not judging.lacks_claims(claims, rules):
        return claims
    return judging.joined(claims, await arrival.asked.userinfo(tokens.access_token))


async def _verified(arrival: Arrival, token: str) -> Claims | None:
    """Verify an ID token; where no known key fits, with the keys as they are by now."""
    verified = arrival.services.signed_tokens.verified
    claims = verified(token, await arrival.asked.keys(), ALGORITHMS)
    return claims if claims is not None else verified(token, await arrival.asked.keys(anew=True), ALGORITHMS)


async def _refused(arrival: Arrival, account_id: str | None, refusal: Refusal) -> Step[None]:
    """Turn somebody away; where they were here before, their history keeps it."""
    if account_id is None:
        return Step(None, refusal=refusal)
    return await _turn_away(arrival.services, arrival.client, account_id, refusal)


async def _is_known_otherwise(arrival: Arrival, person: ProviderPerson, account_id: str | None) -> bool:
    """True if somebody else at the console has this address: one person would be two to every other rule."""
    if await arrival.support.identities.of_address(person.email) not in (None, account_id):
        return True
    found = await arrival.services.store.credentials(person.email.key, "")
    member = await arrival.support.reads.staff_member(found.account_id) if found else None
    return member is not None and member.is_active


async def _enter(arrival: Arrival, person: ProviderPerson, *, locale: str) -> str:
    """Make an account for the console alone: it has no password and no factor, and its address finds it nowhere."""
    services, issuer, now = arrival.services, arrival.rules.issuer, arrival.services.clock.now()
    account = Account(
        account_id=services.secrets.new_id(),
        email=person.email,
        name=person.name,
        locale=locale,
        password_hash="",
        created_at=now,
    )
    identity = StaffIdentity(
        account_id=account.account_id,
        identity_key=identity_key(issuer, person.subject),
        email_key=_email_key(services, person),
        issuer=issuer,
        signed_in_at=now,
    )
    entry = entry_of_provider(Fact.STAFF_ENTERED, now, Evidence.provider(shown_by=person.shown_by))
    await arrival.support.identities.enter(account, identity, entry)
    return await arrival.support.identities.of_identity(identity.identity_key) or account.account_id


@as_visitor
async def _let_in(act: Act, person: ProviderPerson, rules: ProviderRules) -> Step[Ticket | None]:
    """Give the person the role of their groups and a session at the console, or end both where no group gives one."""
    known = replace(act, evidence=Evidence.provider(shown_by=person.shown_by))
    identity = await known.work.load(StaffIdentity, IDENTITY)
    member = await known.work.load(StaffMember, SLOT) or newcomer_of_provider(known.account.account_id)
    if identity is None:
        return known.refuse(Refusal.STAFF_ADDRESS_TAKEN)  # somebody with this address has just come before them
    step = member.follow(person.role, known.now)
    if step.refusal or known.account.is_frozen:
        return known.refuse(step.refusal or Refusal.STAFF_BLOCKED)
    session, ticket = open_console_session(known, rules.session_for)
    if step.facts:
        end_sessions(known, keeping=session.session_id)
        known.carry_out(step)
    if person.role is None:
        return known.refuse(Refusal.NO_GROUP_WITH_ROLE)
    own = replace(known, actor=Actor.OWNER, subject=session.session_id)
    renamed = replace(own.account, name=person.name, email=person.email)
    seen = replace(identity, email_key=_email_key(own.services, person), signed_in_at=own.now)
    own.keep(session, seen, renamed)
    return own.done(ticket, Fact.STAFF_SIGNED_IN)


def _email_key(services: Services, person: ProviderPerson) -> bytes:
    return services.secrets.fingerprints(KeyedHash.EMAIL, person.email.key)[0]


@as_visitor
async def _turn_away(act: Act, refusal: Refusal) -> Step[None]:
    """Write down why somebody who was here before isn't let in."""
    return act.refuse(refusal)


@as_visitor
async def _end(act: Act, ticket: Ticket) -> Step[Session | None]:
    session = await act.work.load(Session, ticket.id)
    keys = act.services.secrets.fingerprints(KeyedHash.SESSION_AT_CONSOLE, ticket.token)
    if session is None or not session.is_held_by(keys, now=act.now, idle_for=act.limits.idle_for):
        return act.refuse(Refusal.SESSION_UNKNOWN)
    own = replace(act, actor=Actor.OWNER, subject=session.session_id)
    return own.carry_out(session.end(act.now, Fact.STAFF_SIGNED_OUT))


async def sign_out_of_console(services: Services, client: Client, ticket: Ticket) -> Step[Session | None]:
    """End the session at the console that somebody from the provider has in this browser."""
    return await _end(services, client, ticket.account_id, ticket)


async def sign_out_by_provider(arrival: Arrival, token: str) -> Step[None]:
    """End every session of the person whom a logout token names (OpenID Connect Back-Channel Logout 1.0)."""
    try:
        claims = await _verified(arrival, token)
    except ProviderAway:
        return Step(None, refusal=Refusal.PROVIDER_AWAY)
    if claims is None or not judging.ends_sessions(claims, arrival.rules, arrival.services.clock.now()):
        return Step(None, refusal=Refusal.PROVIDER_ANSWER_WRONG)
    key = identity_key(arrival.rules.issuer, judging.subject_of(claims))
    account_id = await arrival.support.identities.of_identity(key)
    if account_id is None:
        return Step(None)  # they never were here, so that there is nothing to end
    return await _end_all(arrival.services, arrival.client, account_id, judging.token_id_of(claims))


@as_visitor
async def _end_all(act: Act, token_id: str) -> Step[None]:
    """Take the token once and end the sessions in one commit: whoever brings it again signs nobody out anew."""
    known = replace(act, actor=Actor.SYSTEM, evidence=Evidence.provider(shown_by="logout"))
    places = dict.fromkeys(act.services.secrets.fingerprints(KeyedHash.LOGOUT_OF_STAFF_SPENT, token_id))
    once = (Allowance(1, LOGOUT_GOOD_FOR),)
    if await act.work.take([Quota((place,), once) for place in places], act.now):
        return known.refuse(Refusal.GRANT_USED)
    end_sessions(known)
    return known.done(None, Fact.STAFF_SIGNED_OUT)
