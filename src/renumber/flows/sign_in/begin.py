"""Signing in: the password, then what the account asks for next."""

from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from renumber.domain.actor import Actor
from renumber.domain.email_address import EmailAddress
from renumber.domain.evidence import Evidence
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.facts import Fact
from renumber.domain.organisations.membership import organisation_of
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import PhoneChange, enrol_first
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.act import Act, Called, Written, as_visitor, visitor
from renumber.flows.named_account import named_account
from renumber.flows.ports.kept import OPEN_CHANGE, Wanted
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Bucket, Credentials, Quota
from renumber.flows.services import Client, Services, nobody
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult
from renumber.flows.sign_in.method import ask
from renumber.flows.sign_in.part import part_in
from renumber.policies.methods import first_method
from renumber.policies.oidc.assurance import first_asked
from renumber.policies.sign_in_path import opening_after_password, way_to

P = ParamSpec("P")
T = TypeVar("T")


async def give_password(
    services: Services,
    client: Client,
    email: EmailAddress,
    *,
    password: str,
    form_id: str = "",
    acr_values: tuple[str, ...] = (),
) -> Step[SignInResult | None]:
    """Check the password, counting the try in advance so that parallel guesses can't outrun the count.

    `form_id` tells the page that was filled in from the same page opened again: sent twice, it begins one sign-in.
    `acr_values` are what the application asks for that it is for.
    """
    credentials = await services.store.credentials(email.key, client.browser_id)
    account_id = credentials.account_id if credentials else nobody(services, email.key)
    buckets = _buckets(services, client, email, credentials=credentials)
    open_at = await services.throttle.reserve(buckets, services.clock.now())
    if open_at:
        return await refuse_throttled(services, client, account_id, open_at)
    verdict = await services.passwords.verify(credentials.password_hash if credentials else None, password)
    if credentials is None or not verdict.matches:
        return await _refuse_password(services, client, account_id)
    rehashed = await services.passwords.hash(password) if verdict.needs_rehash else None
    ticket = ticket_of(services, client, account_id=account_id, form_id=form_id or services.secrets.new_id())
    return await _accept_password(
        services,
        client,
        ticket,
        credentials,
        pressed=ticket,
        failures=buckets[0],
        rehashed=rehashed,
        acr_values=acr_values,
    )


def _buckets(
    services: Services, client: Client, email: EmailAddress, *, credentials: Credentials | None
) -> list[Bucket]:
    """Failures elsewhere never slow the browser that the owner signed in from before (OWASP Authentication)."""
    limits, secrets = services.rules.limits, services.secrets
    known = credentials is not None and credentials.knows_browser
    whose = f"{email.key}\x1f{client.browser_id}" if known else email.key
    account = Bucket(secrets.fingerprints(KeyedHash.FAILURES_OF_ACCOUNT, whose), limits.free_sign_in_failures)
    return [account, Bucket(ip_keys(services, client), limits.free_ip_failures, counted_ahead=False)]


def ip_keys(services: Services, client: Client) -> tuple[bytes, ...]:
    """The keys that failures from one IP address are counted under."""
    return services.secrets.fingerprints(KeyedHash.FAILURES_FROM_IP, client.place)


@as_visitor
async def refuse_throttled(act: Act, open_at: datetime) -> Step[None]:
    """Refuse before anything is compared: there were too many failures."""
    return act.refuse(Refusal.TOO_MANY_SIGN_INS, open_at=open_at)


@as_visitor
async def _refuse_password(act: Act) -> Step[None]:
    """Write the same history for an unknown address, to nobody's account, so that both take as long."""
    await act.work.take([Quota(ip_keys(act.services, act.client), ())], act.now)
    return replace(act, evidence=Evidence.password()).refuse(Refusal.WRONG_CREDENTIALS)


def by_form(act: Written[Act, P, T]) -> Called[Ticket, P, T]:
    """Open an account for the sign-in that a form begins, or has begun a moment ago, as its ticket names it."""

    @wraps(act)
    async def opened(services: Services, client: Client, ticket: Ticket, /, *args: P.args, **more: P.kwargs) -> Step[T]:
        wanted = OPEN_CHANGE, Wanted(FactorStatus, Factor.PHONE), Wanted(SignIn, ticket.id)
        async with named_account(services, ticket.account_id, *wanted) as work:
            return await act(visitor(work, services, client), *args, **more)

    return opened


@by_form
async def _accept_password(
    visit: Act,
    credentials: Credentials,
    *,
    pressed: Ticket,
    failures: Bucket,
    rehashed: str | None,
    acr_values: tuple[str, ...],
) -> Step[SignInResult | None]:
    act = replace(visit, actor=Actor.OWNER, evidence=Evidence.password())
    act.work.forget(failures.keys)
    if act.account.password_hash != credentials.password_hash:
        return act.refuse(Refusal.WRONG_CREDENTIALS)
    if rehashed:
        act.keep(replace(act.account, password_hash=rehashed))
        act.record(Fact.PASSWORD_UPGRADED)
    begun = await act.work.load(SignIn, pressed.id)
    if begun and begun.is_of_same_press(act.now):
        return act.done(SignInResult(state=begun.state, method=begun.method, ticket=pressed))
    return await _begin(act, new_ticket(act) if begun else pressed, acr_values, known=credentials.knows_browser)


async def _begin(act: Act, ticket: Ticket, acr_values: tuple[str, ...], *, known: bool) -> Step[SignInResult | None]:
    change = await act.work.open_change()
    demanded = act.services.rules.reenrolment_requires_factor
    opening = opening_after_password(act.account, change, await part_in(act, change), demanded=demanded)
    if opening.needs_enrolment:
        change = begin_enrolment(act)
    sign_in = new_sign_in(act, ticket, opening.state, change=change, known=known)
    if opening.state is SignInState.AWAITING_FACTOR:
        sign_in = _led_to(act, sign_in, first_asked(act.account, acr_values, act.services.rules.methods))
    begun = in_the_middle(act, sign_in, change)
    begun.keep(sign_in)
    begun.record(Fact.SIGN_IN_STARTED)
    await ask(begun)
    return begun.done(begun.result(ticket))


def _led_to(act: Act, sign_in: SignIn, first: Factor) -> SignIn:
    state = way_to(first, act.account, proves_number_first=act.services.rules.prove_imported_numbers)
    return replace(sign_in, state=state, method=first)


def begin_enrolment(act: Act) -> PhoneChange:
    """Open a change for an account without a number."""
    step = enrol_first(act.account.account_id, act.services.secrets.new_id(), act.now)
    change = replace(step.state, organisation_id=organisation_of(act.account.membership))
    return replace(act, subject=change.change_id).carry_out(replace(step, state=change)).state


def new_ticket(act: Act) -> Ticket:
    """Make the cookie of a sign-in that begins."""
    secrets = act.services.secrets
    return Ticket(act.account.account_id, secrets.new_id(), secrets.new_id())


def ticket_of(services: Services, client: Client, *, account_id: str, form_id: str) -> Ticket:
    """Make the cookie that this form, filled in in this browser, always gets; it takes our key to make it."""
    pressed = "\x1f".join((account_id, client.browser_id, form_id))
    own_id, token = (
        services.secrets.fingerprints(KeyedHash.SIGN_IN_PRESSED, f"{part}\x1f{pressed}")[0].hex()[:32]
        for part in ("id", "token")
    )
    return Ticket(account_id, own_id, token)


def new_sign_in(act: Act, ticket: Ticket, state: SignInState, *, change: PhoneChange | None, known: bool) -> SignIn:
    """Begin a sign-in at what is asked for first; `known` says that its owner signed in from this browser before."""
    secrets = act.services.secrets
    return SignIn(
        account_id=ticket.account_id,
        sign_in_id=ticket.id,
        token_key=secrets.fingerprints(KeyedHash.SIGN_IN, ticket.token)[0],
        browser_key=secrets.fingerprints(KeyedHash.BROWSER, act.client.browser_id)[0],
        state=state,
        change_id=change.change_id if change and change.awaits_number else None,
        started_at=act.now,
        expires_at=act.now + act.limits.sign_in_for,
        from_known_browser=known,
        method=_first_method(act) if state is SignInState.AWAITING_FACTOR else Factor.PHONE,
    )


def _first_method(act: Act) -> Factor:
    return first_method(act.account, act.services.rules.methods)


def in_the_middle(act: Act, sign_in: SignIn, change: PhoneChange | None) -> SignInAct:
    """The same act, from now on in the middle of this sign-in."""
    return SignInAct(
        services=act.services,
        limits=act.limits,
        client=act.client,
        work=act.work,
        now=act.now,
        actor=act.actor,
        evidence=act.evidence,
        subject=sign_in.sign_in_id,
        sign_in=sign_in,
        change=change,
    )
