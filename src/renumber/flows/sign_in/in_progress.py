"""A sign-in under way: loaded by its cookie, with the code it waits for."""

from dataclasses import dataclass, field
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.actor import Actor
from renumber.domain.challenge import CodeIntent, CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session, Ticket
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.act import Client, Services
from renumber.flows.codes import check_code, send_code
from renumber.flows.consequences import Scene, conclude
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import UnitOfWork

PASSWORD = "password"  # noqa: S105 - the evidence that most sign-ins begin with


@dataclass(frozen=True, slots=True)
class SignInResult:
    """How far a sign-in came. `ticket` is a new cookie: of the sign-in, or of the session once `signed_in`."""

    refusal: Refusal | None = None
    state: SignInState | None = None
    ticket: Ticket | None = None
    signed_in: bool = False
    tries_left: int | None = None
    open_at: datetime | None = None
    method: Factor | None = None

    @property
    def is_stale(self) -> bool:
        """Whether this page's step is over: the browser goes on to the one that is due."""
        return self.refusal in (Refusal.NOT_NOW, Refusal.SIGN_IN_EXPIRED)


@dataclass(frozen=True, slots=True)
class SignInInProgress:
    """A sign-in loaded for its next step, with all that it may need."""

    sign_in: SignIn
    change: PhoneChange | None
    scene: Scene = field(repr=False)

    def result(self, refusal: Refusal | None = None, *, open_at: datetime | None = None) -> SignInResult:
        """Where the sign-in stands."""
        return SignInResult(refusal, self.sign_in.state, open_at=open_at, method=self.sign_in.method)

    @property
    def proves_password(self) -> bool:
        """Whether the factor that it waits for joins a password, and so shows that the password is its owner's."""
        return self.sign_in.state is SignInState.AWAITING_FACTOR and self.scene.evidence == PASSWORD

    def intent(self) -> CodeIntent | None:
        """The code that this sign-in waits for, if it waits for one."""
        return intent_for(self.scene.account, self.sign_in, self.change, now=self.scene.now)


def intent_for(account: Account, sign_in: SignIn, change: PhoneChange | None, *, now: datetime) -> CodeIntent | None:
    """The code that a sign-in in this state waits for."""
    email, about = account.email.text, sign_in.change_id or ""
    release_about = account.frozen_at.isoformat() if account.frozen_at else ""
    match sign_in.state:
        case SignInState.AWAITING_FACTOR if account.number and sign_in.method is Factor.PHONE:
            return CodeIntent(CodePurpose.SIGN_IN, "", account.number.e164)
        case SignInState.AWAITING_MAILBOX:
            return CodeIntent(CodePurpose.MAILBOX, about, email)
        case SignInState.AWAITING_NEW_NUMBER if change and change.new_number:
            return CodeIntent(CodePurpose.NEW_NUMBER, about, change.new_number.e164)
        case SignInState.AWAITING_RELEASE_MAILBOX:
            return CodeIntent(CodePurpose.RELEASE_MAILBOX, release_about, email)
        case SignInState.AWAITING_RELEASE_NUMBER if number := account.number_for_release(now):
            return CodeIntent(CodePurpose.RELEASE_NUMBER, release_about, number.e164)
    return None


async def resume(work: UnitOfWork, services: Services, ticket: Ticket, *, client: Client) -> SignInInProgress | None:
    """Load a live sign-in by its cookie; None if it ended, ran out, or never was."""
    sign_in = await work.load(SignIn, ticket.id)
    now = services.clock.now()
    if sign_in is None or not sign_in.is_live(now):
        return None
    if sign_in.token_key not in services.secrets.fingerprints(KeyedHash.SIGN_IN, ticket.token):
        return None
    if not await _still_signed_in(work, sign_in, now):
        return None
    change = await work.open_change() if sign_in.change_id else None
    if not sign_in.waits_for(change.change_id if change else None):
        return None
    known = sign_in.from_known_browser
    evidence = f"session {sign_in.session_id}" if sign_in.session_id else PASSWORD
    scene = Scene(
        services, client, work.account, now, Actor.OWNER, evidence, sign_in.sign_in_id, from_known_browser=known
    )
    return SignInInProgress(sign_in, change, scene)


async def _still_signed_in(work: UnitOfWork, sign_in: SignIn, now: datetime) -> bool:
    """What began in a session rests on it, and ends with it."""
    session = await work.load(Session, sign_in.session_id) if sign_in.session_id else None
    return sign_in.session_id is None or (session is not None and session.ended_at is None and now < session.expires_at)


async def check(work: UnitOfWork, in_progress: SignInInProgress, code: str) -> SignInResult:
    """Check the code that the sign-in waits for; a code that came too late is followed by a new one."""
    intent = in_progress.intent()
    state = in_progress.sign_in.state
    if intent is None:
        return SignInResult(Refusal.NO_CODE, state)
    step = await check_code(work, in_progress.scene, intent, given=code)
    if step.refusal is Refusal.CODE_EXPIRED:
        sent = await send_code(work, in_progress.scene, intent)
        refusal = Refusal.CODE_EXPIRED if sent.refusal else Refusal.CODE_EXPIRED_NEW_ONE_SENT
        return SignInResult(refusal, state, open_at=sent.open_at)
    return SignInResult(step.refusal, state, tries_left=step.tries_left, open_at=step.open_at)


def refuse_stale(
    work: UnitOfWork, services: Services, client: Client, *, in_progress: SignInInProgress | None
) -> SignInResult:
    """A sign-in that is over, or that isn't at this step."""
    refusal = Refusal.NOT_NOW if in_progress else Refusal.SIGN_IN_EXPIRED
    scene = Scene(services, client, work.account, services.clock.now(), Actor.VISITOR)
    conclude(work, scene, (), refusal=refusal)
    return in_progress.result(refusal) if in_progress else SignInResult(refusal)
