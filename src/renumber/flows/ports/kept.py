"""The kinds of state that a unit of work loads and keeps."""

from dataclasses import dataclass
from typing import Any, TypeVar

from renumber.domain.account import Account
from renumber.domain.challenge import Challenge
from renumber.domain.factor import FactorStatus
from renumber.domain.messages.link import Link
from renumber.domain.oidc.grant import AccessToken, Consent, Grant
from renumber.domain.organisations.organisation import Organisation
from renumber.domain.passkey import Passkey
from renumber.domain.phone_change import PhoneChange
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Prompt
from renumber.domain.recovery_codes import RecoveryCodes
from renumber.domain.session import Session
from renumber.domain.sign_in import SignIn
from renumber.domain.support.caller_check import CallerCheck
from renumber.domain.support.recovery_case import RecoveryCase
from renumber.domain.support.staff import StaffMember
from renumber.domain.support.staff_identity import StaffIdentity
from renumber.domain.totp import TotpKey
from renumber.domain.wait import Wait

Kept = (
    PhoneChange
    | SignIn
    | Session
    | Challenge
    | FactorStatus
    | Link
    | Account
    | TotpKey
    | RecoveryCodes
    | Passkey
    | Device
    | Prompt
    | Wait
    | Grant
    | AccessToken
    | Consent
    | StaffMember
    | StaffIdentity
    | RecoveryCase
    | Organisation
    | CallerCheck
)
Loaded = TypeVar(
    "Loaded",
    PhoneChange,
    SignIn,
    Session,
    Challenge,
    FactorStatus,
    Link,
    TotpKey,
    RecoveryCodes,
    Passkey,
    Device,
    Prompt,
    Wait,
    Grant,
    AccessToken,
    Consent,
    StaffMember,
    StaffIdentity,
    RecoveryCase,
    Organisation,
    CallerCheck,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A state that an act is going to load, by its key; without a key it is the change that is open."""

    kind: type[Any]
    key: str | None


OPEN_CHANGE = Wanted(PhoneChange, None)
