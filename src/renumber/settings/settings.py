"""The settings: typed, parsed once from the environment, all problems reported at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from email.headerregistry import Address
from pathlib import Path
from typing import Any

from renumber.locale import SHIPPED, Overlay
from renumber.policies.limits import Limits
from renumber.policies.methods import Methods
from renumber.policies.numbers import NumberRules
from renumber.policies.push_hosts import PushHost
from renumber.policies.support.caller import CallerRules
from renumber.policies.support.provider import ProviderRules
from renumber.policies.support.recovery import RecoveryRules
from renumber.settings.appearance_table import APPEARANCE
from renumber.settings.argon2 import Argon2
from renumber.settings.console.rules import CONSOLE_RULES
from renumber.settings.console.table import CONSOLE
from renumber.settings.json_logs import JsonLogs
from renumber.settings.limits_table import LIMITS
from renumber.settings.logo import Logo
from renumber.settings.loopback import is_loopback_to_browsers
from renumber.settings.numbers_table import NUMBERS, PASSWORDS
from renumber.settings.parsing import Network
from renumber.settings.sms_url import SmsUrl
from renumber.settings.smtp_url import SmtpUrl
from renumber.settings.support_table import RECOVERY_RULES, SUPPORT
from renumber.settings.table import MESSAGES, SERVICE, Setting
from renumber.settings.urls import split
from renumber.settings.writing import meant

TABLE: tuple[Setting, ...] = (*SERVICE, *CONSOLE, *MESSAGES, *APPEARANCE, *NUMBERS, *PASSWORDS, *SUPPORT, *LIMITS)


class SettingsError(Exception):
    """Settings that can't be used, with one sentence for each, none of which quotes a secret."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(("Please change these settings:", *(f"- {problem}" for problem in problems))))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The operator's choices; an empty text, an empty tuple or None where nothing was chosen."""

    base_url: str
    database_url: str = field(repr=False)
    secret_key_file: Path
    secret_key: str = field(repr=False)
    workers: int
    trusted_proxies: tuple[Network, ...]
    joins_file: Path | None
    console: bool
    console_here: bool
    console_origin: str
    console_networks: tuple[Network, ...]
    provider: ProviderRules
    provider_client_secret_file: Path | None
    provider_client_key_file: Path | None
    metrics_port: int
    metrics_token: str = field(repr=False)
    health_port: int
    health_host: str
    body_within: timedelta
    json_logs: JsonLogs
    development: bool
    clock_offset_file: Path | None
    smtp_url: SmtpUrl | None
    mail_from: Address | None
    sms_urls: tuple[SmsUrl, ...]
    push_hosts: tuple[PushHost, ...]
    support_contact: str
    locales: tuple[str, ...]
    texts_dir: Overlay
    time_zone: str
    places_file: Path | None
    brand: str
    brand_color: str
    brand_logo: Logo | None
    imprint_url: str
    privacy_url: str
    methods: Methods
    reenrolment_requires_factor: bool
    prove_imported_numbers: bool
    password_threads: int
    argon2: Argon2
    numbers: NumberRules
    limits: Limits
    recovery: RecoveryRules
    caller: CallerRules
    texts: Mapping[str, str] = field(repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Parse the whole environment; raises one SettingsError for all that is wrong with it."""
        texts = {row.field: environ.get(row.name, "").strip() or row.default for row in TABLE}
        values, problems = _read(texts)
        problems += _both_keys(environ)
        if problems:
            raise SettingsError(tuple(problems))
        settings = cls(**_grouped(values), texts=texts)
        disagreements = tuple(said for holds, said in _RULES if not holds(settings))
        disagreements += tuple(said for holds, said in RECOVERY_RULES if not holds(settings.recovery))
        disagreements += tuple(said for holds, said in CONSOLE_RULES if not holds(settings))
        if disagreements:
            raise SettingsError(disagreements)
        return settings

    @property
    def sender(self) -> Address | None:
        """The sender of mails; one without a name of its own is shown with the brand."""
        given = self.mail_from
        return given and Address(given.display_name or self.brand, addr_spec=given.addr_spec)

    def missing_for_serving(self) -> list[str]:
        """List the settings that have to be made before people can be served; the demo brings its own."""
        wanted = ("smtp_url", "mail_from", "sms_urls", "support_contact")
        return [f"Set {row.name}: {row.meaning}." for row in TABLE if row.field in wanted and not self.texts[row.field]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One setting as `renumber doctor` shows it."""

    name: str
    value: str
    default: str
    meaning: str
    why: str


def describe(settings: Settings) -> list[Described]:
    """List every setting with its value, secrets masked."""
    return [
        Described(
            name=row.name,
            value=row.show(settings.texts[row.field]) if settings.texts[row.field] else "",
            default=row.default,
            meaning=row.meaning,
            why=row.why,
        )
        for row in TABLE
    ]


def unknown_names(environ: Mapping[str, str]) -> list[str]:
    """Find names that begin like ours and are none, with the one that may be meant."""
    known = [row.name for row in TABLE]
    return [
        f"{name} is not a setting{meant(name, known)}."
        for name in sorted(environ)
        if name.startswith("RENUMBER_") and name not in known and not name.startswith("RENUMBER_DEMO_")
    ]


def _read(texts: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems = []
    for row in TABLE:
        try:
            values[row.field] = _value(row, texts[row.field])
        except ValueError as error:
            problems.append(f"{row.name}: {error}.")
    return values, problems


def _value(row: Setting, given: str) -> object:
    if not given.isprintable():  # a line end would forge a header or a log line
        raise ValueError("remove the line ends and other control characters")
    return row.read(given) if given else row.absent


def _grouped(values: dict[str, Any]) -> dict[str, Any]:
    """Put limits, rules for numbers and the cost of hashes into their own values."""
    groups = {"argon2": Argon2, "recovery": RecoveryRules, "caller": CallerRules, "provider": ProviderRules}
    own = {name: _taken(kind, values, f"{name}_") for name, kind in groups.items()}
    return {**own, "limits": _taken(Limits, values), "numbers": _taken(NumberRules, values)} | values


def _taken(kind: Callable[..., Any], values: dict[str, Any], prefix: str = "") -> Any:
    named = {each.name: f"{prefix}{each.name}" for each in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    return kind(**{name: values.pop(row) for name, row in named.items() if row in values})


def _both_keys(environ: Mapping[str, str]) -> list[str]:
    if environ.get("RENUMBER_SECRET_KEY") and environ.get("RENUMBER_SECRET_KEY_FILE"):
        return [
            "RENUMBER_SECRET_KEY and RENUMBER_SECRET_KEY_FILE: set one of them, or it is not clear which key is used."
        ]
    return []


def _is_near(settings: Settings) -> bool:
    return is_loopback_to_browsers(split(settings.base_url).hostname or "")


# What must hold between settings, with the sentence for when it does not.
_RULES: tuple[tuple[Callable[[Settings], bool], str], ...] = (
    (
        lambda s: set(s.locales) <= set(s.texts_dir.languages),
        f"RENUMBER_LOCALES: the texts exist in {', '.join(SHIPPED)}; add another language by RENUMBER_TEXTS_DIR.",
    ),
    (
        lambda s: not s.development or _is_near(s),
        "RENUMBER_DEVELOPMENT: switch it off; it is for a RENUMBER_BASE_URL on this machine only.",
    ),
    (
        lambda s: s.clock_offset_file is None or _is_near(s),
        "RENUMBER_CLOCK_OFFSET_FILE: remove it; it is for a RENUMBER_BASE_URL on this machine only.",
    ),
    (
        lambda s: s.limits.warn_after < s.limits.suspend_after,
        "RENUMBER_WARN_AFTER: write fewer than RENUMBER_SUSPEND_AFTER, or the warning comes too late.",
    ),
    (
        lambda s: s.limits.password_min <= s.limits.password_max,
        "RENUMBER_PASSWORD_MIN: write at most RENUMBER_PASSWORD_MAX.",
    ),
    (
        lambda s: s.limits.idle_for <= s.limits.session_for,
        "RENUMBER_IDLE_FOR: write at most RENUMBER_SESSION_FOR.",
    ),
    (
        lambda s: s.limits.sends_per_window <= s.limits.sends_per_day,
        "RENUMBER_SENDS_PER_WINDOW: write at most RENUMBER_SENDS_PER_DAY.",
    ),
    (
        lambda s: s.limits.suspend_after <= s.limits.guess_ceiling,
        "RENUMBER_SUSPEND_AFTER: write at most RENUMBER_GUESS_CEILING.",
    ),
    (
        lambda s: s.limits.sign_in_delay <= s.limits.sign_in_delay_cap,
        "RENUMBER_SIGN_IN_DELAY: write at most RENUMBER_SIGN_IN_DELAY_CAP.",
    ),
    (
        lambda s: not s.numbers.allowed_countries or s.numbers.default_country in s.numbers.allowed_countries,
        "RENUMBER_DEFAULT_COUNTRY: choose one of RENUMBER_ALLOWED_COUNTRIES.",
    ),
)
