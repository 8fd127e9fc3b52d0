"""The limits of PRODUCT.md as settings, each with its source."""

from renumber.settings import parsing as read
from renumber.settings.table import Setting

LIMITS = (
    Setting(
        "link_for",
        read.duration("5min", "7d"),
        "24h",
        "how long the link of the first mail can be used",
        "NIST SP 800-63B-4 §4.2.1.2",
    ),
    Setting(
        "link_resend_after", read.duration("10s", "1h"), "60s", "how soon that mail can be sent again", "Twilio, Okta"
    ),
    Setting("stop_link_for", read.duration("1d", "30d"), "7d", "how long “This wasn't me” works", "login.gov: 10 days"),
    Setting(
        "password_link_for",
        read.duration("5min", "24h"),
        "1h",
        "how long a link for a new password can be used",
        "OWASP Forgot Password Cheat Sheet",
    ),
    Setting("code_for", read.duration("1min", "10min"), "10min", "how long a code can be used", "NIST §3.1.3.2"),
    Setting("code_checks", read.number(1, 10), "5", "tries per code", "NIST §3.2.2"),
    Setting("warn_after", read.number(1, 99), "8", "wrong codes in a row after which people are warned", "NIST §3.2.2"),
    Setting(
        "suspend_after",
        read.number(2, 100),
        "10",
        "wrong codes in a row after which a factor is suspended",
        "NIST §3.2.2; (EU) 2018/389 Art. 4",
    ),
    Setting(
        "resend_pauses",
        read.several(read.duration("5s", "1h")),
        "30s,60s,120s",
        "how long to wait before each further code",
        "Twilio, Okta, Auth0",
    ),
    Setting(
        "sends_per_window",
        read.number(1, 1000),
        "5",
        "messages per account and per number within RENUMBER_SEND_WINDOW",
        "Twilio, Okta, Auth0",
    ),
    Setting("send_window", read.duration("1min", "1d"), "10min", "the time in which these are counted"),
    Setting(
        "sends_per_day", read.number(1, 10_000), "10", "messages per account and per number in a day", "SMS pumping"
    ),
    Setting(
        "sends_to_strangers",
        read.number(1, 10_000),
        "7",
        "of these, how many browsers that the owner never signed in from may use up: the rest is kept for the owner",
        "a stolen password must not lock its owner out",
    ),
    Setting(
        "sends_per_ip",
        read.number(1, 100_000),
        "20",
        "messages that one IP address may cause within RENUMBER_IP_WINDOW",
        "SMS pumping",
    ),
    Setting("ip_window", read.duration("1min", "1d"), "1h", "the time in which these are counted"),
    Setting("push_for", read.duration("30s", "5min"), "90s", "how long a push can be answered", "NIST §3.1.3"),
    Setting(
        "push_digits",
        read.number(2, 6),
        "6",
        "digits of the sign-in page that are typed on the phone; two are quicker, and guessed once in a hundred",
        "NIST §3.1.3.3",
    ),
    Setting("push_checks", read.number(1, 5), "3", "wrong digits after which a push is over", "NIST §3.2.2"),
    Setting(
        "pushes_per_window",
        read.number(1, 60),
        "3",
        "pushes to one account within RENUMBER_PUSH_WINDOW",
        "push fatigue: nobody shall approve to have their peace",
    ),
    Setting("push_window", read.duration("1min", "1d"), "5min", "the time in which these are counted"),
    Setting(
        "device_link_for", read.duration("1min", "1h"), "10min", "how long the QR code that adds a phone can be used"
    ),
    Setting("session_for", read.duration("5min", "30d"), "24h", "how long a session lasts", "NIST §2.2.3"),
    Setting("idle_for", read.duration("1min", "30d"), "1h", "how long a session lasts unused", "NIST §2.2.3"),
    Setting(
        "fresh_for",
        read.duration("1min", "24h"),
        "15min",
        "how old an authentication may be for a change of the number",
        "OWASP ASVS 5.0 7.5.1",
    ),
    Setting("sign_in_for", read.duration("5min", "2h"), "30min", "how long a sign-in may take"),
    Setting(
        "passkey_prompt_for",
        read.duration("1min", "30min"),
        "5min",
        "how long a question to a passkey can be answered",
        "WebAuthn §15.1: 5 to 10 minutes, so that everybody is in time",
    ),
    Setting(
        "reset_browser_for",
        read.duration("0", "7d"),
        "24h",
        "how long the browser that pressed the button needs no further proof for the new number",
        "later, a code goes to the mailbox first",
    ),
    Setting(
        "hold_for",
        read.duration("0", "30d"),
        "72h",
        "how long an account counts as changed recently; 0 for off",
        "Coinbase: 48 to 72 hours; Google: 7 days",
    ),
    Setting("release_for", read.duration("1d", "30d"), "7d", "how long a frozen account can be released by its owner"),
    Setting(
        "free_sign_in_failures",
        read.number(1, 100),
        "5",
        "wrong passwords on an account before each next one has to wait",
        "OWASP Authentication Cheat Sheet",
    ),
    Setting("free_ip_failures", read.number(1, 10_000), "20", "the same, from one IP address"),
    Setting("sign_in_delay", read.duration("0", "1min"), "1s", "the first wait; it doubles with each further failure"),
    Setting(
        "sign_in_delay_cap",
        read.duration("0", "1h"),
        "5min",
        "the longest wait",
        "never a lasting lock, with which anyone could shut an owner out",
    ),
    Setting("sign_in_memory", read.duration("1min", "1d"), "1h", "how long a failure counts"),
    Setting("password_min", read.number(8, 64), "8", "characters that a password must have", "NIST §3.1.1.2"),
    Setting("password_max", read.number(64, 1024), "128", "characters that it may have", "NIST §3.1.1.2: at least 64"),
)
