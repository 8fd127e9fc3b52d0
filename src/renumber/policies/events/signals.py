"""The signals that other systems know: our events as those of CAEP 1.0 and RISC 1.0, in security event tokens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from renumber.domain.factor import Factor
from renumber.policies.events.types import Event, EventType

_CAEP = "https://schemas.openid.net/secevent/caep/event-type/"
_RISC = "https://schemas.openid.net/secevent/risc/event-type/"
_SSF = "https://schemas.openid.net/secevent/ssf/event-type/"
HOLD = "renumber-hold"  # the namespace of assurance levels: whether an account counts as changed recently
RECENT, SETTLED = "recent", "settled"


class SignalType(StrEnum):
    """The type of a signal: a URI of CAEP 1.0, RISC 1.0 or, of a stream itself, of SSF 1.0."""

    SESSION_REVOKED = f"{_CAEP}session-revoked"
    CREDENTIAL_CHANGE = f"{_CAEP}credential-change"
    ASSURANCE_LEVEL_CHANGE = f"{_CAEP}assurance-level-change"
    ACCOUNT_DISABLED = f"{_RISC}account-disabled"
    ACCOUNT_ENABLED = f"{_RISC}account-enabled"
    ACCOUNT_PURGED = f"{_RISC}account-purged"
    CREDENTIAL_COMPROMISE = f"{_RISC}credential-compromise"
    RECOVERY_INFORMATION_CHANGED = f"{_RISC}recovery-information-changed"
    VERIFICATION = f"{_SSF}verification"
    STREAM_UPDATED = f"{_SSF}stream-updated"


Data = Mapping[str, str | bool]
Claims = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal, with the claims that its type asks for."""

    type: SignalType
    claims: Claims = field(default_factory=dict)


OF_STREAMS = (SignalType.VERIFICATION, SignalType.STREAM_UPDATED)
SUPPORTED = tuple(type_ for type_ in SignalType if type_ not in OF_STREAMS)
# CAEP 1.0 3.3.1. It knows no passkey that may be of either kind: "fido2" is our own word. Recovery codes are no
# credential there, but recovery information of RISC.
CREDENTIALS = {
    Factor.PHONE: "phone-sms",
    Factor.PUSH: "app",
    Factor.TOTP: "app",
    Factor.PASSKEY: "fido2",
}
_RECOVERY = Signal(SignalType.RECOVERY_INFORMATION_CHANGED)


def _credential(change: str) -> Callable[[Data], tuple[Signal, ...]]:
    def signals(data: Data) -> tuple[Signal, ...]:
        credential = CREDENTIALS.get(Factor(str(data["factor"])))
        if credential is None:
            return (_RECOVERY,)
        return (Signal(SignalType.CREDENTIAL_CHANGE, {"credential_type": credential, "change_type": change}),)

    return signals


def _number(change: str) -> Callable[[Data], tuple[Signal, ...]]:
    of_phone = _credential(change)
    return lambda _data: (*of_phone({"factor": Factor.PHONE.value}), _RECOVERY)


def _suspended(data: Data) -> tuple[Signal, ...]:
    """Tell a method that was lost from one that guesses have closed; one that opens again by itself is no signal."""
    credential = CREDENTIALS.get(Factor(str(data["factor"])))
    match data.get("reason"):
        case "lost" if credential:
            return (Signal(SignalType.CREDENTIAL_COMPROMISE, {"credential_type": credential}),)
        case "disabled" | "lost":
            return _credential("revoke")(data)
        case _:
            return ()


def _alone(type_: SignalType) -> Callable[[Data], tuple[Signal, ...]]:
    return lambda _data: (Signal(type_),)


def _settled(_data: Data) -> tuple[Signal, ...]:
    levels = {"namespace": HOLD, "previous_level": RECENT, "current_level": SETTLED, "change_direction": "increase"}
    return (Signal(SignalType.ASSURANCE_LEVEL_CHANGE, levels),)


# Each type of event as signals; or why it is none.
SIGNALS: dict[EventType, Callable[[Data], tuple[Signal, ...]] | str] = {
    EventType.PHONE_CHANGE_WAITING: "nothing has changed yet",
    EventType.PHONE_CHANGE_REQUESTED: "nothing has changed yet, and it is no recovery: a factor was shown",
    EventType.PHONE_CHANGE_CANCELLED: "nothing has changed",
    EventType.PHONE_CHANGE_EXPIRED: "nothing has changed",
    EventType.PHONE_NUMBER_RESET: _number("revoke"),
    EventType.PHONE_NUMBER_CHANGED: _number("create"),  # identifier-changed is for who gives numbers out
    EventType.HOLD_ENDED: _settled,
    EventType.FACTOR_ADDED: _credential("create"),
    EventType.FACTOR_REMOVED: _credential("delete"),
    EventType.FACTOR_SUSPENDED: _suspended,
    EventType.SESSION_ENDED: _alone(SignalType.SESSION_REVOKED),
    EventType.ACCOUNT_CREATED: "no type of CAEP or RISC is for an account that is new",
    EventType.ACCOUNT_FROZEN: _alone(SignalType.ACCOUNT_DISABLED),
    EventType.ACCOUNT_RELEASED: _alone(SignalType.ACCOUNT_ENABLED),
    EventType.ACCOUNT_ERASED: _alone(SignalType.ACCOUNT_PURGED),
}
SIGNALLED = frozenset(type_ for type_, signals in SIGNALS.items() if not isinstance(signals, str))


def signals_of(type_: EventType, data: Data) -> tuple[Signal, ...]:
    """Give the signals that an event makes, none of a type twice; a hold that begins lowers the assurance."""
    signals = SIGNALS[type_]
    if isinstance(signals, str):
        return ()
    held = (Signal(SignalType.ASSURANCE_LEVEL_CHANGE, {"namespace": HOLD, "current_level": RECENT}),)
    return (*signals(data), *(held if "hold_until" in data else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityEvent:
    """A signal on its way along a stream: of an event of ours, or of the stream itself, then with claims alone.

    `set_id` is its `jti`, the same however often it is sent.
    """

    set_id: str
    stream_id: str
    type: SignalType
    issued_at: datetime
    event_id: str = ""
    event: Event | None = None
    claims: Claims = field(default_factory=dict)

    def token(self, issuer: str, audience: str) -> dict[str, object]:
        """Give the claims of its token (RFC 8417 2.2, SSF 1.0 4.1): no `sub`, and no `exp`."""
        return {
            "iss": issuer,
            "aud": audience,
            "jti": self.set_id,
            "iat": int(self.issued_at.timestamp()),
            "txn": self.event_id or self.set_id,
            "sub_id": _subject(self.event, issuer) if self.event else {"format": "opaque", "id": self.stream_id},
            "events": {self.type.value: self._payload()},
        }

    def _payload(self) -> Claims:
        if self.event is None:
            return self.claims
        made = signals_of(self.event.type, self.event.data)
        claims = next((one.claims for one in made if one.type is self.type), {})
        kept = self.event.data.get("except_session_id")
        more = {"except_session_id": str(kept)} if kept else {}
        return {"event_timestamp": int(self.event.at.timestamp()), **claims, **more}


def _subject(event: Event, issuer: str) -> dict[str, object]:
    """Name the account, and the session if it is about a single one (RFC 9493 3.2.3, SSF 1.0 3.3)."""
    account = {"format": "iss_sub", "iss": issuer, "sub": event.account_id}
    session_id = event.data.get("session_id")
    if session_id is None:
        return dict(account)
    return {"format": "complex", "user": account, "session": {"format": "opaque", "id": session_id}}
