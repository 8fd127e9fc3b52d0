"""The limits as settings, each with its source; their defaults are those of the policies."""

from collections.abc import Callable

from renumber.policies.limits import Limits
from renumber.settings import parsing as read
from renumber.settings.table import Setting
from renumber.settings.writing import written

BY_DEFAULT = Limits()


def limit(field: str, parse: Callable[[str], object], *, meaning: str, why: str = "") -> Setting:
    """Make the setting of one limit."""
    return Setting(field, parse, default=written(getattr(BY_DEFAULT, field)), meaning=meaning, why=why)


LIMITS = (
    limit(
        "link_for",
        read.duration("5min", "7d"),
        meaning="how long the link of the first mail can be used",
        why="NIST SP 800-63B-4 §4.2.1.2",
    ),
    limit(
        "link_resend_after",
        read.duration("10s", "1h"),
        meaning="how soon that mail can be sent again",
        why="Twilio, Okta",
    ),
    limit(
        "stop_link_for", read.duration("1d", "30d"), meaning="how long “This wasn't me” works", why="login.gov: 10 days"
    ),
    limit(
        "password_link_for",
        read.duration("5min", "24h"),
        meaning="how long a link for a new password can be used",
        why="OWASP Forgot Password Cheat Sheet",
    ),
    limit(
        "activation_link_for",
        read.duration("1h", "30d"),
        meaning="how long the owner of a new account can choose its password by the link in the first mail",
        why="a week has a working day for everyone; it can be sent again",
    ),
    limit("code_for", read.duration("1min", "10min"), meaning="how long a code can be used", why="NIST §3.1.3.2"),
    limit("code_checks", read.number(1, 10), meaning="tries per code", why="NIST §3.2.2"),
    limit(
        "warn_after",
        read.number(1, 99),
        meaning="wrong codes in a row after which people are warned",
        why="NIST §3.2.2",
    ),
    limit(
        "suspend_after",
        read.number(2, 100),
        meaning="wrong codes in a row after which a factor is suspended",
        why="NIST §3.2.2; (EU) 2018/389 Art. 4",
    ),
    limit(
        "guess_ceiling",
        read.number(10, 100),
        meaning="wrong codes without a right one after which a factor stays closed until another one is proven",
        why="NIST §3.2.2: at most 100",
    ),
    limit(
        "resend_pauses",
        read.several(read.duration("5s", "1h")),
        meaning="how long to wait before each further code",
        why="Twilio, Okta, Auth0",
    ),
    limit(
        "sends_per_window",
        read.number(1, 1000),
        meaning="messages per account and per number within RENUMBER_SEND_WINDOW",
        why="Twilio, Okta, Auth0",
    ),
    limit("send_window", read.duration("1min", "1d"), meaning="the time in which these are counted"),
    limit(
        "sends_per_day", read.number(1, 1000), meaning="messages per account and per number in a day", why="SMS pumping"
    ),
    limit(
        "sends_to_strangers",
        read.number(1, 1000),
        meaning="of these, how many may go to browsers that the owner never signed in from: the rest is the owner's",
        why="a stolen password must not lock its owner out",
    ),
    limit(
        "texts_told_per_day",
        read.number(1, 1000),
        meaning="notices by text to one number of an account in a day: the rest is joined into one, mails always go",
        why="no act, repeated, makes a bill; codes are counted apart",
    ),
    limit(
        "sends_per_ip",
        read.number(1, 1000),
        meaning="messages that one IP address may cause within RENUMBER_IP_WINDOW",
        why="SMS pumping",
    ),
    limit("ip_window", read.duration("1min", "1d"), meaning="the time in which these are counted"),
    limit("push_for", read.duration("30s", "5min"), meaning="how long a push can be answered", why="NIST §3.1.3"),
    limit(
        "push_digits",
        read.number(2, 6),
        meaning="digits of the sign-in page to type on the phone; two are quicker, and guessed once in a hundred",
        why="NIST §3.1.3.3",
    ),
    limit("push_checks", read.number(1, 5), meaning="wrong digits after which a push is over", why="NIST §3.2.2"),
    limit(
        "pushes_per_window",
        read.number(1, 60),
        meaning="pushes to one account within RENUMBER_PUSH_WINDOW",
        why="push fatigue: nobody shall approve to have their peace",
    ),
    limit("push_window", read.duration("1min", "1d"), meaning="the time in which these are counted"),
    limit(
        "device_link_for",
        read.duration("1min", "1h"),
        meaning="how long the QR code that adds a device or an app can be used",
    ),
    limit("session_for", read.duration("5min", "30d"), meaning="how long a session lasts", why="NIST §2.2.3"),
    limit("idle_for", read.duration("1min", "30d"), meaning="how long a session lasts unused", why="NIST §2.2.3"),
    limit(
        "fresh_for",
        read.duration("1min", "24h"),
        meaning="how old an authentication may be for a change of the number",
        why="OWASP ASVS 5.0 7.5.1",
    ),
    limit("sign_in_for", read.duration("5min", "2h"), meaning="how long a sign-in may take"),
    limit(
        "passkey_prompt_for",
        read.duration("1min", "30min"),
        meaning="how long a question to a passkey can be answered",
        why="WebAuthn §15.1: 5 to 10 minutes, so that everybody is in time",
    ),
    limit(
        "reset_browser_for",
        read.duration("0", "7d"),
        meaning="how long the browser that asked and pressed the button needs no further proof for the new number",
        why="later, a code goes to the mailbox first",
    ),
    limit(
        "number_wait_for",
        read.duration("0", "72h"),
        meaning="how long any other browser waits, without another factor, before it enters the new number",
        why="password and mailbox are not enough; every channel is told, and can stop it. With a password that was "
        "renewed by mail it is at least 24 hours",
    ),
    limit(
        "mailed_password_for",
        read.duration("0", "30d"),
        meaning="how long a text doesn't prove a password that was renewed by mail; 0 for off",
        why="mail and text may come to one stolen phone: a change, a release and a removal take an older factor, "
        "or a wait of 24 hours",
    ),
    limit(
        "hold_for",
        read.duration("0", "30d"),
        meaning="how long an account counts as changed recently; 0 for off",
        why="Coinbase: 48 to 72 hours; Google: 7 days",
    ),
    limit(
        "release_for",
        read.duration("1d", "30d"),
        meaning="how long a number undoes its change, alone after a freeze, and each channel stops a release",
    ),
    limit(
        "release_paused_for",
        read.duration("1h", "72h"),
        meaning="how long a release takes no code after `suspend_after` wrong ones",
        why="it must close for nobody for ever",
    ),
    limit(
        "free_sign_in_failures",
        read.number(1, 100),
        meaning="wrong passwords on an account before each next one has to wait",
        why="OWASP Authentication Cheat Sheet",
    ),
    limit("free_ip_failures", read.number(1, 1000), meaning="the same, from one IP address"),
    limit("sign_in_delay", read.duration("0", "1min"), meaning="the first wait; it doubles with each further failure"),
    limit(
        "sign_in_delay_cap",
        read.duration("0", "1h"),
        meaning="the longest wait",
        why="never a lasting lock, with which anyone could shut an owner out",
    ),
    limit("sign_in_memory", read.duration("1min", "1d"), meaning="how long a failure counts"),
    limit(
        "strangers_kept_for",
        read.duration("1d", "3650d"),
        meaning="how long the history keeps what those were refused who named no account",
        why="they could fill it for ever, and their IP addresses are personal data",
    ),
    limit(
        "history_kept_for",
        read.kept_for("30d", "36500d"),
        meaning="how long the history of an account is kept; 0 is for ever",
        why="what is purged is verified first, and what is left still verifies",
    ),
    limit(
        "erased_kept_for",
        read.kept_for("30d", "36500d"),
        meaning="how long it is kept after the account was erased; 0 is for ever",
    ),
    limit(
        "origins_kept_for",
        read.kept_for("30d", "36500d"),
        meaning="how long it is kept from which browser and IP address something was done, and why; 0 is as long as it",
        why="they are personal data, and the proof of the history doesn't need them",
    ),
    limit(
        "api_acts_per_minute",
        read.number(1, 1000),
        meaning="acts that one API key may ask for in a minute",
        why="a program that runs wild must not send mails without end",
    ),
    limit(
        "api_reads_per_minute",
        read.number(1, 1_000_000),
        meaning="reads that one API key may ask for in a minute, of each worker process",
    ),
    limit(
        "staff_looks_per_hour",
        read.number(5, 1000),
        meaning="accounts that one person of customer relations may look at in an hour, and searches they may begin",
        why="whoever goes through accounts one by one is stopped, and is seen",
    ),
    limit(
        "company_wait_for",
        read.duration("1h", "14d"),
        meaning="how long a change waits for an administrator of the person's company, if it demands that",
        why="over a weekend; then it expires, or goes on where no administrator could have confirmed it",
    ),
    limit(
        "company_mails_per_day",
        read.number(1, 1000),
        meaning="mails a day to one administrator of a company about what waits for them",
        why="what waits is on their page as well, and is told again",
    ),
    limit("password_min", read.number(8, 64), meaning="characters that a password must have", why="NIST §3.1.1.2"),
    limit(
        "password_max", read.number(64, 1024), meaning="characters that it may have", why="NIST §3.1.1.2: at least 64"
    ),
)
