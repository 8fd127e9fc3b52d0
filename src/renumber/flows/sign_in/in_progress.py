"""A sign-in in progress: opened by its cookie, with the code that it waits for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from renumber.domain.account import Account
from renumber.domain.actor import Actor
from renumber.domain.challenge import Challenge, CodeIntent, CodePurpose, slot_of
from renumber.domain.evidence import Evidence
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session, Ticket
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.act import Act, Called, Written, visitor
from renumber.flows.named_account import named_account
from renumber.flows.ports.kept import OPEN_CHANGE, Wanted
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.services import Client, Services
from renumber.policies.release import about_release, releasing_number

P = ParamSpec("P")
T = TypeVar("T")


_CODE_AT = {
    SignInState.AWAITING_MAILBOX: CodePurpose.MAILBOX,
    SignInState.AWAITING_NEW_NUMBER: CodePurpose.NEW_NUMBER,
    SignInState.AWAITING_RELEASE_MAILBOX: CodePurpose.RELEASE_MAILBOX,
    SignInState.AWAITING_RELEASE_NUMBER: CodePurpose.RELEASE_NUMBER,
}
_COUNTED_AT = {
    SignInState.AWAITING_MAILBOX: (Factor.MAILBOX,),
    SignInState.AWAITING_NEW_NUMBER: (Factor.NEW_NUMBER, Factor.PHONE),  # the phone's count begins anew with it
    SignInState.AWAITING_RELEASE_MAILBOX: (Factor.RELEASE_MAILBOX,),
    SignInState.AWAITING_RELEASE_NUMBER: (Factor.RELEASE_NUMBER,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInResult:
    """Where a sign-in stands. `ticket` is a new cookie: of the sign-in, or of the session once `signed_in`."""

    state: SignInState
    method: Factor = Factor.PHONE
    ticket: Ticket | None = None
    signed_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAct(Act):
    """An act in the middle of a sign-in; `change` is the phone change that it waits for, if it does."""

    sign_in: SignIn
    change: PhoneChange | None

    @property
    def proves_password(self) -> bool:
        """Tell whether the factor that it waits for joins a password, and so shows that the password is its owner's."""
        return self.sign_in.state is SignInState.AWAITING_FACTOR and self.evidence == Evidence.password()

    def intent(self) -> CodeIntent | None:
        """The code that this sign-in waits for, if it waits for one."""
        return intent_of(self.account, self.sign_in, self.change, now=self.now)

    def result(self, ticket: Ticket | None = None) -> SignInResult:
        """Where the sign-in stands."""
        return SignInResult(state=self.sign_in.state, method=self.sign_in.method, ticket=ticket)


def intent_of(account: Account, sign_in: SignIn, change: PhoneChange | None, *, now: datetime) -> CodeIntent | None:
    """The code that a sign-in in this state waits for."""
    asked = _asked(account, sign_in, change, now=now)
    if asked is None:
        return None
    purpose, about, destination = asked
    return CodeIntent(purpose=purpose, sign_in_id=sign_in.sign_in_id, about=about, destination=destination)


def _asked(
    account: Account, sign_in: SignIn, change: PhoneChange | None, *, now: datetime
) -> tuple[CodePurpose, str, str] | None:
    """The purpose of the code, what it is about, and where it goes."""
    about, email = sign_in.change_id or "", account.email.text
    match sign_in.state:
        case SignInState.AWAITING_FACTOR if account.number and sign_in.method is Factor.PHONE:
            return CodePurpose.SIGN_IN, "", account.number.e164
        case SignInState.AWAITING_MAILBOX:
            return CodePurpose.MAILBOX, about, email
        case SignInState.AWAITING_NEW_NUMBER if change and change.new_number:
            return CodePurpose.NEW_NUMBER, about, change.new_number.e164
        case SignInState.AWAITING_RELEASE_MAILBOX:
            return CodePurpose.RELEASE_MAILBOX, about_release(account), email
        case SignInState.AWAITING_RELEASE_NUMBER if number := releasing_number(account, sign_in, now):
            return CodePurpose.RELEASE_NUMBER, about_release(account), number.e164
    return None


def in_sign_in(
    *states: SignInState, awaiting: Factor | None = None
) -> Callable[[Written[SignInAct, P, T]], Called[Ticket, P, T | None]]:
    """Open the account for a sign-in, found by its cookie, at one of these states, or where just this factor is due.

    In a step-up, where nobody has given the password, that factor is proven, and nothing else is done.
    """

    wanted = partial(_wanted, states, awaiting)

    def opening(act: Written[SignInAct, P, T]) -> Called[Ticket, P, T | None]:
        @wraps(act)
        async def opened(
            services: Services, client: Client, ticket: Ticket, /, *args: P.args, **more: P.kwargs
        ) -> Step[T | None]:
            async with named_account(services, ticket.account_id, *wanted(ticket.id)) as work:
                held = await _held(work, services, client, ticket=ticket)
                if held is None:
                    return visitor(work, services, client).refuse(Refusal.SIGN_IN_EXPIRED)
                if not _is_at(held.sign_in, states, awaiting) or (held.sign_in.is_step_up and awaiting is None):
                    return held.refuse(Refusal.NOT_NOW)
                return await act(held, *args, **more)

        return opened

    return opening


def _wanted(states: tuple[SignInState, ...], awaiting: Factor | None, sign_in_id: str) -> list[Wanted]:
    """The sign-in, the change that it may wait for, and what a code is checked against at this state."""
    purpose = CodePurpose.SIGN_IN if awaiting is Factor.PHONE else _CODE_AT.get(states[0]) if states else None
    factors = (awaiting,) if awaiting else _COUNTED_AT.get(states[0], ()) if states else ()
    codes = [Wanted(Challenge, slot_of(purpose, sign_in_id))] if purpose else []
    return [Wanted(SignIn, sign_in_id), OPEN_CHANGE, *codes, *(Wanted(FactorStatus, factor) for factor in factors)]


def _is_at(sign_in: SignIn, states: tuple[SignInState, ...], awaiting: Factor | None) -> bool:
    return sign_in.awaits(awaiting) if awaiting else not states or sign_in.state in states


async def _held(work: UnitOfWork, services: Services, client: Client, *, ticket: Ticket) -> SignInAct | None:
    """Load the sign-in that a cookie stands for, if it still holds, with all that it rests on."""
    sign_in = await work.load(SignIn, ticket.id)
    if sign_in is None:
        return None
    now, keys = services.clock.now(), services.secrets.fingerprints(KeyedHash.SIGN_IN, ticket.token)
    session = await work.load(Session, sign_in.session_id) if sign_in.session_id else None
    change = await work.open_change() if sign_in.change_id else None
    if not sign_in.is_held_by(keys, now=now, open_change_id=change.change_id if change else None, session=session):
        return None
    return SignInAct(
        services=services,
        limits=services.rules.limits,
        client=client,
        work=work,
        now=now,
        actor=Actor.OWNER,
        evidence=_evidence(sign_in),
        subject=sign_in.sign_in_id,
        sign_in=sign_in,
        change=change,
    )


def _evidence(sign_in: SignIn) -> Evidence:
    if sign_in.link_id:
        return Evidence.link(link_id=sign_in.link_id)
    return Evidence.begun_in(session_id=sign_in.session_id) if sign_in.session_id else Evidence.password()


def is_stale(step: Step[SignInResult | None]) -> bool:
    """Tell whether the step of a page is over: the browser goes on to the one that is due."""
    return step.refusal in (Refusal.NOT_NOW, Refusal.SIGN_IN_EXPIRED)
