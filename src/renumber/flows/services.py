"""All that flows work with: the ports, the operator's rules, and the client that a request comes from."""

from dataclasses import dataclass, field

from renumber.domain.account import nobody_like
from renumber.flows.organisations.ports import OrganisationReads
from renumber.flows.ports.oidc import AuthorizationRequests, SignedTokens, TokenReads
from renumber.flows.ports.passkeys import PasskeyOwners
from renumber.flows.ports.reads import Reads
from renumber.flows.ports.services import Ceremonies, Clock, JoinsSource, KeyedHash, Passwords, Secrets, Signatures
from renumber.flows.ports.store import Store, Throttle
from renumber.policies.limits import Limits, place_of
from renumber.policies.methods import STRONGEST_FIRST, Methods
from renumber.policies.numbers import NumberRules
from renumber.policies.push_hosts import KNOWN, PushHost
from renumber.policies.retention import Retention
from renumber.policies.support.caller import CallerRules
from renumber.policies.support.recovery import RecoveryRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The operator's choices; `base_url` is where people and devices find us."""

    limits: Limits
    numbers: NumberRules
    brand: str
    base_url: str
    reenrolment_requires_factor: bool
    prove_imported_numbers: bool
    methods: Methods = STRONGEST_FIRST
    recovery: RecoveryRules = field(default_factory=RecoveryRules)
    caller: CallerRules = field(default_factory=CallerRules)
    retention: Retention = field(default_factory=Retention)
    push_hosts: tuple[PushHost, ...] = KNOWN
    smtputf8: bool = False  # mails go out to local parts beyond ASCII


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The ports that every flow is given, and the rules that it keeps."""

    store: Store
    reads: Reads
    throttle: Throttle
    clock: Clock
    secrets: Secrets
    passwords: Passwords
    rules: Rules
    ceremonies: Ceremonies
    passkey_owners: PasskeyOwners
    signatures: Signatures
    joins: JoinsSource
    requests: AuthorizationRequests
    tokens: TokenReads
    signed_tokens: SignedTokens
    organisations: OrganisationReads


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Where a request comes from. `browser_id` is the random id of the browser's own cookie.

    `operator` is the name by which an operator goes; nobody else has one.
    """

    ip: str = field(default="", repr=False)
    browser: str = ""
    browser_id: str = field(default="", repr=False)
    time_zone: str = ""
    reset_token: str = field(default="", repr=False)
    operator: str = ""

    @property
    def place(self) -> str:
        """The part of the IP address that limits count by."""
        return place_of(self.ip)


NOWHERE = Client()


def nobody(services: Services, about: str) -> str:
    """Choose the account that stands in for the one that this address, or whatever was given, doesn't have."""
    return nobody_like(services.secrets.fingerprints(KeyedHash.NOBODY, about)[0])
