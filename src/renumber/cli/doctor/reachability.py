"""Checks that mail server and SMS gateways can be reached; nothing is sent."""

import errno
import os
import socket
import ssl
from collections.abc import Iterator
from email.headerregistry import Address
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPResponseException, SMTPSenderRefused

from renumber.cli.console import Check
from renumber.delivery.channel import Fault
from renumber.delivery.mail.smtp import SmtpGateway
from renumber.settings import Settings
from renumber.settings.loopback import is_loopback
from renumber.settings.smtp_url import SmtpUrl

REACHED_WITHIN = 5.0  # seconds
PORTS = {"https": 443, "http": 80}


async def check_mail(server: SmtpUrl, sender: Address) -> Check:
    """Connect, greet, start TLS, sign in and leave."""
    about = f"mail server {server.host}:{server.port}"
    try:
        await SmtpGateway(server, sender).greet()
    except Fault as fault:
        return Check(about, f"{_in_words(fault)}. Look at RENUMBER_SMTP_URL.")
    return Check(about)


def _in_words(fault: Fault) -> str:
    """Say what prevents a session; a server's own text is not repeated."""
    causes = list(_causes(fault))
    for cause in causes:
        if isinstance(cause, SMTPAuthenticationError):
            return f"It refuses user and password ({cause.code})"
        if isinstance(cause, SMTPSenderRefused):
            return f"It refuses the sender of RENUMBER_MAIL_FROM ({cause.code})"
        if isinstance(cause, SMTPResponseException):
            return f"It answers {cause.code}"
    refused = " ".join(str(cause) for cause in causes if type(cause) is SMTPException)  # the library's words
    if "STARTTLS" in refused and "AUTH" not in refused:
        return "It offers no STARTTLS; with TLS from the first byte, write smtps://"
    if "AUTH" in refused:
        return "It takes no user and password on this connection"
    problem = next((cause for cause in reversed(causes) if isinstance(cause, OSError)), None)
    return _not_reached(problem) if problem else fault.reason[:1].upper() + fault.reason[1:]


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause = error.__cause__ or error.__context__
    while cause:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _not_reached(problem: OSError) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"Its certificate is refused ({problem.verify_message})"
    if isinstance(problem, ssl.SSLError):
        return "It does not speak TLS on this port"
    if isinstance(problem, TimeoutError):
        return "It does not answer in time"
    words = os.strerror(problem.errno) if problem.errno and problem.errno in errno.errorcode else problem.strerror
    return f"It can't be reached ({words or type(problem).__name__})"


def check_sms(settings: Settings) -> Iterator[Check]:
    """Connect to each provider, with TLS where it is asked for; no message is sent."""
    for parts in (url.endpoint for url in settings.sms_urls):
        about = f"SMS gateway {parts.hostname}:{_port(parts)}"
        proxy = _proxy(parts)
        if proxy and proxy.hostname:
            wrong = _problem(proxy.hostname, _port(proxy), encrypted=False)
            through = f"through the proxy {proxy.hostname}:{_port(proxy)}"
            yield Check(about, f"{wrong} {through}. Look at {parts.scheme.upper()}_PROXY." if wrong else "", through)
        else:
            wrong = _problem(parts.hostname or "", _port(parts), encrypted=parts.scheme == "https")
            yield Check(about, f"{wrong}. Look at RENUMBER_SMS_URL." if wrong else "")


def _proxy(parts: SplitResult) -> SplitResult | None:
    """Find the proxy that delivery would go through."""
    host = parts.hostname or ""
    found = getproxies()
    proxy = found.get(parts.scheme) or found.get("all")
    return urlsplit(proxy) if proxy and not is_loopback(host) and not proxy_bypass(host) else None


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS.get(parts.scheme, 80)


def _problem(host: str, port: int, *, encrypted: bool) -> str:
    try:
        with socket.create_connection((host, port), REACHED_WITHIN) as connection:
            if encrypted:
                ssl.create_default_context().wrap_socket(connection, server_hostname=host).close()
    except OSError as problem:
        return _not_reached(problem)
    return ""
