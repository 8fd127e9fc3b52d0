"""Every setting: its name, how it is read, its default, what it means, and why the default is what it is."""

from collections.abc import Callable
from dataclasses import dataclass

from renumber.settings import parsing as read
from renumber.settings import urls
from renumber.settings.logo import logo
from renumber.settings.methods import NAMES, methods


def as_it_is(given: str) -> str:
    """Show the text that was given."""
    return given


def hidden(given: str) -> str:
    """Show that there is a secret."""
    return "(set)" if given else ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row; an empty default means that there is no value."""

    field: str
    read: Callable[[str], object]
    default: str
    meaning: str
    why: str = ""
    show: Callable[[str], str] = as_it_is
    absent: object = ""

    @property
    def name(self) -> str:
        """Its name in the environment."""
        return f"RENUMBER_{self.field.removesuffix('_urls').upper()}{'_URL' if self.field.endswith('_urls') else ''}"


SERVICE = (
    Setting(
        "base_url", urls.origin, "http://127.0.0.1:8000", "the address that people open; every link begins with it"
    ),
    Setting(
        "database_url",
        urls.database_url,
        "sqlite:///renumber.db",
        "where accounts are kept: sqlite:///file, or postgresql://user:password@host/database",
        "PostgreSQL for more than one machine",
        urls.masked_url,
    ),
    Setting(
        "secret_key_file",
        read.file_path,
        "renumber.key",
        "the file of keys; made on first start, readable by its owner only",
        "without it, nothing in the database can be read: keep a copy, apart from the database",
    ),
    Setting(
        "secret_key",
        read.secret(32),
        "",
        "a single key in place of the file: 32 or more random bytes",
        "the file can be rotated, this can't",
        hidden,
    ),
    Setting("workers", read.number(1, 256), "1", "server processes", "more are correct with SQLite, but not faster"),
    Setting(
        "trusted_proxies",
        read.several(read.network),
        "",
        "networks of the proxies whose X-Forwarded-For is believed",
        "a forged header must not move a limit",
        absent=(),
    ),
    Setting("metrics_port", read.number(0, 65535), "0", "a port of its own for /metrics; 0 for none"),
    Setting("metrics_token", read.secret(16), "", "the bearer token that /metrics asks for", "", hidden),
    Setting("json_logs", read.truth, "yes", "log one JSON object per line; no: for people to read"),
    Setting("development", read.truth, "no", "conveniences for development, on loopback only"),
    Setting(
        "clock_offset_file",
        read.file_path,
        "",
        "a file of seconds by which the time is moved, on loopback only",
        "tests of journeys that last for days",
        absent=None,
    ),
)

MESSAGES = (
    Setting(
        "smtp_url",
        urls.smtp_url,
        "",
        "how mail leaves: smtp://user:password@host:587?tls=starttls (tls=none: loopback only)",
        "",
        urls.masked_url,
    ),
    Setting("mail_from", read.sender, "", "the sender of mails: Example Card <no-reply@example.com>"),
    Setting(
        "sms_urls",
        urls.sms_urls,
        "",
        "SMS providers in the order of failover: https+json://host/path, twilio://SID:TOKEN@sender",
        "",
        lambda given: ", ".join(map(urls.masked_url, urls.sms_urls(given))),
        absent=(),
    ),
    Setting(
        "push_hosts",
        urls.push_hosts,
        "fcm.googleapis.com,updates.push.services.mozilla.com,*.notify.windows.com,web.push.apple.com",
        "push services that devices may be woken through; *.host for all below it",
        "OWASP ASVS 5.0 1.3.6: the address of a push service comes from outside",
    ),
    Setting("support_contact", read.text(120), "", "where people find help: an address, a number or a page"),
    Setting(
        "locales",
        read.languages,
        "de,en",
        "languages; the first is for people whose own is not among them",
    ),
    Setting("time_zone", read.time_zone, "Europe/Berlin", "the time zone of people whose own is not known"),
)

APPEARANCE = (
    Setting(
        "brand", read.text(32), "Renumber", "the operator's name in pages, mails and SMS", "an SMS has little room"
    ),
    Setting("brand_color", read.colour, "#1d4ed8", "the operator's colour, made readable wherever it is text"),
    Setting("brand_logo", logo, "", "a PNG or a plain SVG of at most 200 KiB", absent=None),
)

NUMBERS = (
    Setting(
        "allowed_countries",
        read.several(read.country),
        "",
        "countries whose numbers are served, as DE,AT,CH; empty for all",
        "SMS pumping",
        absent=(),
    ),
    Setting("default_country", read.country, "DE", "the country that is preset where nothing else is known"),
    Setting(
        "accounts_per_number",
        read.number(0, 1_000_000),
        "0",
        "how many accounts may share a number; 0 for any",
        "a cap tells its last account that others know the number",
    ),
    Setting(
        "methods",
        methods,
        NAMES,
        "ways to confirm a sign-in that people can add, in the order in which they are asked for",
        "one that is left out is accepted only from those who have no other",
    ),
    Setting(
        "reenrolment_requires_factor",
        read.truth,
        "no",
        "ask for another enrolled factor before a new number",
        "safer, but a person without one needs the operator",
    ),
)

PASSWORDS = (
    Setting("argon2_memory", read.number(8192, 1 << 20), "19456", "argon2id: memory in KiB", "OWASP"),
    Setting("argon2_time", read.number(1, 20), "2", "argon2id: passes", "OWASP"),
    Setting("argon2_parallelism", read.number(1, 16), "1", "argon2id: lanes", "more collapse under load"),
    Setting(
        "password_threads", read.threads, "cores", "passwords hashed at once in one process", "more are not faster"
    ),
)
