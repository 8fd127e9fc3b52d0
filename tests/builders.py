"""Domain values with good defaults, so that a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from renumber.domain import account as accounts
from renumber.domain import challenge as challenges
from renumber.domain import phone_change as changes
from renumber.domain import sign_in as sign_ins
from renumber.domain.account import Account
from renumber.domain.challenge import Challenge, CodeIntent, CodePurpose
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.messages import link as links
from renumber.domain.messages.link import Link
from renumber.domain.number_history import NumberHistory
from renumber.domain.organisations.company_wait import CompanyWait
from renumber.domain.passkey import Passkey
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.push import prompt as pushes
from renumber.domain.push.device import Device, DeviceState, Scan, Subscription
from renumber.domain.push.prompt import Prompt
from renumber.domain.session import Proof, Session
from renumber.domain.sign_in import SignIn
from renumber.domain.support import caller_check as checks
from renumber.domain.support import recovery_case as cases
from renumber.domain.support.recovery_case import RecoveryCase
from renumber.domain.wait import Wait, WaitPurpose

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
A_DAY = timedelta(hours=24)
A_WEEK = timedelta(days=7)
ACCOUNT = "a" * 32
CHANGE = "c" * 32
SIGN_IN = "6" * 32
EMAIL = EmailAddress("erika@example.com")
OLD, NEW, OTHER = (PhoneNumber(f"+4917139200{end}") for end in ("01", "28", "77"))
NUMBER_HISTORY = {"number_changed_at": "changed_at", "former_number": "former", "former_until": "former_until"}
CODE, WRONG = "042317", "999999"


def an_account(number: PhoneNumber | None = OLD, **more: Any) -> Account:
    """An account with a number, which nobody has changed yet unless it is said when, and which came before."""
    more = {"changed_at": more.get("number_changed_at"), **more}
    history = {field: more.pop(name) for name, field in NUMBER_HISTORY.items() if name in more}
    made = Account(
        account_id=ACCOUNT,
        email=EMAIL,
        name="Erika Muster",
        locale="de",
        password_hash="$argon2id$hash",
        numbers=NumberHistory(present=number, **history),
        created_at=NOON - timedelta(days=90),
    )
    return replace(made, **more)


def a_frozen_account(number: PhoneNumber | None = OLD, **more: Any) -> Account:
    """An account that was frozen at noon."""
    return an_account(number, **{"state": accounts.AccountState.FROZEN, "frozen_at": NOON, **more})


def a_proof() -> Proof:
    """The evidence of a session with a code to the phone."""
    return Proof(session_id="5" * 32, factor=Factor.PHONE, factor_at=NOON, authenticated_at=NOON)


def a_change(state: changes.ChangeState = changes.ChangeState.REQUESTED, **more: Any) -> PhoneChange:
    """A change that was asked for at noon, with what belongs to its state."""
    asked = PhoneChange(
        account_id=ACCOUNT,
        change_id=CHANGE,
        state=state,
        proof=a_proof(),
        old_number=OLD,
        requested_at=NOON,
        link_generation=1,
        link_sent_at=NOON,
        link_expires_at=NOON + A_DAY,
        asked_key=b"browser key",
    )
    return replace(asked, **{**_gone_through(state), **more})


def _gone_through(state: changes.ChangeState) -> dict[str, Any]:
    pressed = {"reset_at": NOON, "reset_key": b"reset key"}
    if state is changes.ChangeState.AWAITING_COMPANY:
        wait = CompanyWait(until=NOON + 3 * A_DAY, goes_on=False)
        return {"link_generation": 0, "link_sent_at": None, "link_expires_at": None, "company": wait}
    if state is changes.ChangeState.AWAITING_NEW_NUMBER:
        return pressed
    if state is changes.ChangeState.AWAITING_CODE:
        return {**pressed, "new_number": NEW}
    if state is changes.ChangeState.COMPLETED:
        return {**pressed, "new_number": NEW, "closed_at": NOON}
    return {} if state is changes.ChangeState.REQUESTED else {"closed_at": NOON}


def a_wait(**more: Any) -> Wait:
    """A wait for the new number of `a_change` that began at noon in the browser of `a_session`."""
    begun = Wait(
        account_id=ACCOUNT,
        purpose=WaitPurpose.NEW_NUMBER,
        about=CHANGE,
        browser_key=b"browser key",
        started_at=NOON,
        over_at=NOON + A_DAY,
        usable_until=NOON + 4 * A_DAY,
    )
    return replace(begun, **more)


def a_sign_in(state: sign_ins.SignInState = sign_ins.SignInState.AWAITING_FACTOR, **more: Any) -> SignIn:
    """A sign-in that began at noon, for the change of `a_change`."""
    begun = SignIn(
        account_id=ACCOUNT,
        sign_in_id="1" * 32,
        token_key=b"token key",
        browser_key=b"browser key",
        state=state,
        change_id=CHANGE,
        started_at=NOON,
        expires_at=NOON + timedelta(minutes=30),
        from_known_browser=True,
    )
    return replace(begun, **more)


def a_session(**more: Any) -> Session:
    """A session that began at noon with a code to the phone, and was renewed at once."""
    begun = Session(
        account_id=ACCOUNT,
        session_id="5" * 32,
        token_key=b"token key",
        browser_key=b"browser key",
        browser="Firefox on Windows",
        ip="203.0.113.7",
        factor=Factor.PHONE,
        factor_at=NOON,
        authenticated_at=NOON,
        created_at=NOON,
        seen_at=NOON,
        expires_at=NOON + A_DAY,
        reauthenticated_at=NOON,
    )
    return replace(begun, **more)


def an_errand(
    purpose: CodePurpose = CodePurpose.NEW_NUMBER,
    sign_in_id: str = SIGN_IN,
    about: str = CHANGE,
    destination: str = NEW.e164,
) -> CodeIntent:
    """What the code of `a_challenge` is for."""
    return CodeIntent(purpose=purpose, sign_in_id=sign_in_id, about=about, destination=destination)


def a_challenge(state: challenges.CodeState = challenges.CodeState.LIVE, **more: Any) -> Challenge:
    """A code that was sent to the new number at noon."""
    intent = an_errand()
    sent = Challenge(
        account_id=ACCOUNT,
        purpose=intent.purpose,
        sign_in_id=intent.sign_in_id,
        challenge_id="7" * 32,
        about=intent.about,
        destination=intent.destination,
        key_id="0a1b2c3d",
        issued_at=NOON,
        expires_at=NOON + timedelta(minutes=10),
        last_sent_at=NOON,
        state=state,
    )
    return replace(sent, **more)


def an_authenticator(wrong_in_a_row: int = 0, *, factor: Factor = Factor.PHONE, **more: Any) -> FactorStatus:
    """A factor with so many wrong codes in a row."""
    return replace(FactorStatus(account_id=ACCOUNT, factor=factor, wrong_in_a_row=wrong_in_a_row), **more)


def a_suspended_authenticator(factor: Factor = Factor.PHONE) -> FactorStatus:
    """A factor with ten wrong codes in a row."""
    return an_authenticator(10, factor=factor, suspended_at=NOON)


def a_link(purpose: links.LinkPurpose = links.LinkPurpose.PHONE_CHANGE, **more: Any) -> Link:
    """A link of `a_change` that was sent at noon."""
    made = Link(
        account_id=ACCOUNT,
        link_id="8" * 32,
        purpose=purpose,
        subject=CHANGE,
        key_id="0a1b2c3d",
        token_key=b"token key",
        generation=1,
        expires_at=NOON + A_DAY,
    )
    return replace(made, **more)


def a_passkey(**more: Any) -> Passkey:
    """A passkey that was made at noon and has counted to seven since."""
    made = Passkey(
        account_id=ACCOUNT,
        passkey_id="d" * 32,
        credential_id=b"the credential's id",
        public_key=b"its public key",
        sign_count=7,
        transports=("internal",),
        is_backup_eligible=False,
        is_backed_up=False,
        name="Erika's phone",
        made_at=NOON,
        version=1,
    )
    return replace(made, **more)


def a_device(state: DeviceState = DeviceState.CONFIRMED, **more: Any) -> Device:
    """A phone that was enrolled at noon and can be woken; one that waits can be confirmed for ten minutes."""
    scan = Scan(link_id="7" * 32, session_id="5" * 32, expires_at=NOON + timedelta(minutes=10))
    times: dict[DeviceState, dict[str, Any]] = {
        DeviceState.WAITING: {"scan": scan},
        DeviceState.CONFIRMED: {"confirmed_at": NOON},
        DeviceState.REMOVED: {"confirmed_at": NOON, "removed_at": NOON},
    }
    subscription = Subscription("https://push.example/key's own address", "key's point", "key's secret")
    return replace(
        Device(
            account_id=ACCOUNT,
            device_id="d" * 32,
            public_key=b"key's point",
            name="Erika's Pixel",
            made_at=NOON,
            subscription=subscription,
            version=1,
        ),
        state=state,
        **{**times[state], **more},
    )


def a_prompt(state: pushes.PromptState = pushes.PromptState.PENDING, **more: Any) -> Prompt:
    """A push that was asked at noon on behalf of `a_sign_in`."""
    asked = Prompt(
        account_id=ACCOUNT,
        prompt_id="9" * 32,
        sign_in_id="1" * 32,
        key_id="0a1b2c3d",
        browser="Firefox on Windows",
        ip="203.0.113.7",
        asked_at=NOON,
        expires_at=NOON + timedelta(seconds=90),
        version=1,
    )
    answer: dict[str, Any] = {"answered_at": NOON, "device_id": "d" * 32}
    answered = answer if state in {pushes.PromptState.APPROVED, pushes.PromptState.DENIED} else {}
    return replace(asked, state=state, **{**answered, **more})


def seconds(count: float) -> timedelta:
    """A duration, written shortly."""
    return timedelta(seconds=count)


def a_check(state: checks.CheckState = checks.CheckState.OPENED, **more: Any) -> checks.CallerCheck:
    """A check that an agent has asked for at noon, and whose caller has chosen a text."""
    asked = checks.CallerCheck(
        account_id=ACCOUNT,
        check_id="4" * 32,
        key_id="0a1b2c3d",
        state=state,
        asked_by="e" * 32,
        asked_at=NOON,
        expires_at=NOON + timedelta(minutes=10),
        number_key=b"number" if state is checks.CheckState.ASKED else None,
        method=None if state is checks.CheckState.ASKED else Factor.PHONE,
        settled_at=None if state in checks.OPEN else NOON,
    )
    return replace(asked, **more)


def a_case(state: cases.CaseState = cases.CaseState.COLLECTING, **more: Any) -> RecoveryCase:
    """A case that its owner has asked for, an agent has worked on, and a reviewer has decided."""
    opened = RecoveryCase(
        account_id=ACCOUNT,
        case_id="9" * 32,
        number="AB2C3D4E",
        state=state,
        opened_by=ACCOUNT,
        opened_at=NOON,
        expires_at=NOON + 14 * A_DAY,
    )
    approved = {"decided_by": "r" * 32, "decided_at": NOON, "over_at": NOON + 3 * A_DAY, "tell_at": NOON + A_DAY}
    return replace(opened, **{**(approved if state in cases.APPROVED else {}), **more})
