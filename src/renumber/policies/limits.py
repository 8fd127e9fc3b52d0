"""Limits of time and number, with the rules that apply them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every limit that an operator may set; settings/limits_table.py gives the reason of each."""

    link_for: timedelta = timedelta(hours=24)
    link_resend_after: timedelta = timedelta(seconds=60)
    stop_link_for: timedelta = timedelta(days=7)
    password_link_for: timedelta = timedelta(hours=1)
    activation_link_for: timedelta = timedelta(days=7)
    code_for: timedelta = timedelta(minutes=10)
    code_checks: int = 5
    warn_after: int = 8
    suspend_after: int = 10
    guess_ceiling: int = 100
    resend_pauses: tuple[timedelta, ...] = (timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120))
    sends_per_window: int = 5
    send_window: timedelta = timedelta(minutes=10)
    sends_per_day: int = 10
    sends_to_strangers: int = 7
    texts_told_per_day: int = 5
    sends_per_ip: int = 20
    ip_window: timedelta = timedelta(hours=1)
    push_for: timedelta = timedelta(seconds=90)
    push_digits: int = 6
    push_checks: int = 3
    pushes_per_window: int = 3
    push_window: timedelta = timedelta(minutes=5)
    device_link_for: timedelta = timedelta(minutes=10)
    session_for: timedelta = timedelta(hours=24)
    idle_for: timedelta = timedelta(hours=1)
    fresh_for: timedelta = timedelta(minutes=15)
    sign_in_for: timedelta = timedelta(minutes=30)
    passkey_prompt_for: timedelta = timedelta(minutes=5)
    reset_browser_for: timedelta = timedelta(hours=24)
    number_wait_for: timedelta = timedelta(hours=24)
    mailed_password_for: timedelta = timedelta(days=7)
    hold_for: timedelta = timedelta(hours=72)
    release_for: timedelta = timedelta(days=7)
    release_paused_for: timedelta = timedelta(hours=24)
    free_sign_in_failures: int = 5
    free_ip_failures: int = 20
    sign_in_delay: timedelta = timedelta(seconds=1)
    sign_in_delay_cap: timedelta = timedelta(minutes=5)
    sign_in_memory: timedelta = timedelta(hours=1)
    strangers_kept_for: timedelta = timedelta(days=30)
    history_kept_for: timedelta = timedelta(0)
    erased_kept_for: timedelta = timedelta(0)
    origins_kept_for: timedelta = timedelta(0)
    api_acts_per_minute: int = 300
    api_reads_per_minute: int = 6000
    staff_looks_per_hour: int = 60
    company_wait_for: timedelta = timedelta(hours=72)
    company_mails_per_day: int = 20
    password_min: int = 8
    password_max: int = 128


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most `count` events within `window`."""

    count: int
    window: timedelta


def allowed_at(times: Sequence[datetime], allowances: Sequence[Allowance], now: datetime) -> datetime | None:
    """The time from which the next event is allowed; None means now."""
    waits = [wait for allowance in allowances if (wait := _wait(times, allowance, now)) is not None]
    return max(waits, default=None)


def _wait(times: Sequence[datetime], allowance: Allowance, now: datetime) -> datetime | None:
    recent = sorted(at for at in times if at > now - allowance.window)
    if len(recent) < allowance.count:
        return None
    return recent[-allowance.count] + allowance.window


def sign_in_open_at(failures: Sequence[datetime], free: int, limits: Limits, *, now: datetime) -> datetime | None:
    """The time from which the next password may be tried: each further failure doubles the delay, up to a cap.

    A delay and never a lasting lock, so that nobody can lock an owner out (OWASP Authentication Cheat Sheet).
    """
    recent = [at for at in failures if at > now - limits.sign_in_memory]
    if len(recent) < free:
        return None
    delay = min(limits.sign_in_delay * 2 ** min(len(recent) - free, 20), limits.sign_in_delay_cap)
    open_at = max(recent) + delay
    return open_at if open_at > now else None


def send_allowances(limits: Limits) -> tuple[Allowance, ...]:
    """The sends that one account or one number is allowed."""
    return (Allowance(limits.sends_per_window, limits.send_window), Allowance(limits.sends_per_day, timedelta(days=1)))


def stranger_allowances(limits: Limits) -> tuple[Allowance, ...]:
    """The sends a day that browsers from which the owner never signed in may use up of one account.

    Whoever has nothing but the password could otherwise leave the owner without a code for a whole day.
    """
    return (Allowance(limits.sends_to_strangers, timedelta(days=1)),)


def told_allowances(limits: Limits) -> tuple[Allowance, ...]:
    """The changes a day of an account's methods: each is told on every channel, and a text message costs money."""
    return (Allowance(2 * limits.sends_per_day, timedelta(days=1)),)


def ip_allowances(limits: Limits) -> tuple[Allowance, ...]:
    """The sends that one IP address may cause."""
    return (Allowance(limits.sends_per_ip, limits.ip_window),)


def look_allowances(limits: Limits) -> tuple[Allowance, ...]:
    """The accounts that somebody of staff may look at, and the searches that they may begin, each counted apart."""
    return (Allowance(limits.staff_looks_per_hour, timedelta(hours=1)),)


def company_allowances(limits: Limits) -> tuple[Allowance, ...]:
    """The mails a day that tell one administrator of a company of what waits for them."""
    return (Allowance(limits.company_mails_per_day, timedelta(days=1)),)


def push_allowances(limits: Limits) -> tuple[Allowance, ...]:
    """The prompts that one account's devices may get; denying stops nobody from asking again (NIST 3.1.3)."""
    return (Allowance(limits.pushes_per_window, limits.push_window),)


ONE_SUBSCRIBER = 64  # bits; RFC 6177: a household is given a /64 or more, so that a single address limits nobody


def place_of(ip: str) -> str:
    """The place that limits by IP address count: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    if not isinstance(address, IPv6Address):
        return ip
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), ONE_SUBSCRIBER), strict=False))
