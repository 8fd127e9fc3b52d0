"""The table of settings: name, parser, default, meaning, and the reason for the default."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass

from renumber.locale import NO_OVERLAY
from renumber.locale.overlay import read_overlay
from renumber.policies.push_hosts import KNOWN
from renumber.settings import parsing as read
from renumber.settings import urls
from renumber.settings.joins.setting import joins_file
from renumber.settings.json_logs import json_logs
from renumber.settings.places import places_file
from renumber.settings.sms_url import masked_sms_urls, sms_urls
from renumber.settings.smtp_url import smtp_url
from renumber.settings.writing import written


def as_it_is(given: str) -> str:
    """Show a text unchanged."""
    return given


def hidden(given: str) -> str:
    """Show of a secret only that it is set."""
    return "(set)" if given else ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; with an empty default and no text it has the value `absent`."""

    field: str
    read: Callable[[str], object]
    _: KW_ONLY
    default: str = ""
    meaning: str
    why: str = ""
    show: Callable[[str], str] = as_it_is
    absent: object = ""

    @property
    def name(self) -> str:
        """The name of the environment variable."""
        return f"RENUMBER_{self.field.removesuffix('_urls').upper()}{'_URL' if self.field.endswith('_urls') else ''}"


SERVICE = (
    Setting(
        "base_url",
        urls.origin,
        default="http://127.0.0.1:8000",
        meaning="the address that people open; every link begins with it",
    ),
    Setting(
        "database_url",
        urls.database_url,
        default="sqlite:///renumber.db",
        meaning="where accounts are kept: sqlite:///file, or postgresql://user:password@host/database as for libpq",
        why="PostgreSQL for more than one machine",
        show=urls.masked_url,
    ),
    Setting(
        "secret_key_file",
        read.file_path,
        default="renumber.key",
        meaning="the file of keys; made on first start, readable by its owner only",
        why="without it, nothing in the database can be read: keep a copy, apart from the database",
    ),
    Setting(
        "secret_key",
        read.secret(32),
        meaning="a single key in place of the file: 32 or more random bytes",
        why="the file can be rotated, this can't",
        show=hidden,
    ),
    Setting(
        "workers",
        read.number(1, 256),
        default="1",
        meaning="server processes",
        why="more are correct with SQLite, but not faster",
    ),
    Setting(
        "trusted_proxies",
        read.several(read.network),
        meaning="networks of the proxies whose X-Forwarded-For is believed",
        why="a forged header must not move a limit",
        absent=(),
    ),
    Setting(
        "joins_file",
        joins_file,
        meaning="a file of the applications, webhooks and API keys that join this service, in TOML",
        why="none joins without it",
        absent=None,
    ),
    Setting("metrics_port", read.number(0, 65535), default="0", meaning="a port of its own for /metrics; 0 for none"),
    Setting("metrics_token", read.secret(16), meaning="the bearer token that /metrics asks for", show=hidden),
    Setting(
        "health_port",
        read.number(0, 65535),
        default="0",
        meaning="a port of its own for /healthz and /readyz; 0 for none",
        why="slow clients that hold the pages up must not look like a service that is down",
    ),
    Setting("health_host", read.ip_address, default="127.0.0.1", meaning="the address at which that port listens"),
    Setting(
        "body_within",
        read.duration("1s", "5min"),
        default="15s",
        meaning="how long a request may take to arrive whole",
        why="a body that trickles in holds a place that others wait for",
    ),
    Setting("json_logs", json_logs, default="auto", meaning="logs as JSON: yes, no, or auto: all but on a terminal"),
    Setting("development", read.truth, default="no", meaning="conveniences for development, on loopback only"),
    Setting(
        "clock_offset_file",
        read.file_path,
        meaning="a file of seconds by which the time is moved, on loopback only",
        why="tests of journeys that last for days",
        absent=None,
    ),
)

MESSAGES = (
    Setting(
        "smtp_url",
        smtp_url,
        meaning="how mail leaves: smtp://user:password@host:587?tls=starttls (tls=none: loopback only)",
        show=urls.masked_url,
        absent=None,
    ),
    Setting("mail_from", read.sender, meaning="the sender of mails: Example Card <no-reply@example.com>", absent=None),
    Setting(
        "sms_urls",
        sms_urls,
        meaning="SMS providers in the order of failover: https+json://host/path, twilio://SID:TOKEN@sender",
        show=masked_sms_urls,
        absent=(),
    ),
    Setting(
        "push_hosts",
        urls.push_hosts,
        default=written(KNOWN),
        meaning="push services that devices may be woken through; *.host for all below it, none for no pushes at all",
        why="OWASP ASVS 5.0 1.3.6: the address of a push service comes from outside",
    ),
    Setting("support_contact", read.text(120), meaning="where people find help: an address, a number or a page"),
    Setting(
        "locales",
        read.languages,
        default="de,en",
        meaning="languages; the first is for people whose own is not among them",
    ),
    Setting(
        "texts_dir",
        read_overlay,
        meaning="a folder of texts of your own, as fr/pages.po and fr/mails.po; they replace ours, or add a language",
        absent=NO_OVERLAY,
    ),
    Setting(
        "time_zone", read.time_zone, default="Europe/Berlin", meaning="the time zone of people whose own is not known"
    ),
    Setting(
        "places_file",
        places_file,
        meaning="an MMDB file by which mails say the rough place of an IP address; without it they say none",
        why="there are free ones; its licence may ask you to name its publisher",
        absent=None,
    ),
)
