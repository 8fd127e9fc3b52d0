"""What every flow is given: the ports, the rules, and who is asking from where."""

from dataclasses import dataclass, field

from renumber.flows.ports.services import Ceremonies, Clock, Passwords, Secrets, Signatures
from renumber.flows.ports.store import PasskeyOwners, Store, Throttle
from renumber.policies.limits import Limits, place_of
from renumber.policies.methods import STRONGEST_FIRST, Methods
from renumber.policies.numbers import NumberRules
from renumber.policies.push_hosts import KNOWN, PushHost
from renumber.policies.retention import Retention


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator chose; `base_url` is where people and devices find us."""

    limits: Limits
    numbers: NumberRules
    brand: str
    reenrolment_requires_factor: bool = False
    methods: Methods = STRONGEST_FIRST
    retention: Retention = field(default_factory=Retention)
    push_hosts: tuple[PushHost, ...] = KNOWN
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Services:
    """The ports behind one door."""

    store: Store
    throttle: Throttle
    clock: Clock
    secrets: Secrets
    passwords: Passwords
    rules: Rules
    ceremonies: Ceremonies
    passkey_owners: PasskeyOwners
    signatures: Signatures


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from. `browser_id` is the random id of the browser's own cookie."""

    ip: str = field(repr=False)
    browser: str
    browser_id: str = field(repr=False)
    time_zone: str
    reset_token: str = field(default="", repr=False)

    @property
    def place(self) -> str:
        """What limits by IP address count."""
        return place_of(self.ip)
