"""How settings that are addresses are read; a ValueError carries the sentence that says what to write instead.

No sentence repeats what was given: it may hold a password.
"""

import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from renumber.policies.push_hosts import PushHost

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.ASCII)
_PUSH_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{0,62}", re.ASCII)
_BETWEEN_URLS = re.compile(r",(?=\s*[a-z][a-z0-9+.-]*://)")
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_SSL_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")


def origin(given: str) -> str:
    """Read the origin of all links: https, or http on this machine; no path, for cookies belong to the whole host."""
    parts = split(given)
    if parts.scheme not in {"https", "http"} or not parts.hostname or "@" in parts.netloc:
        raise ValueError("write the address that people open, for example https://account.example.com")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("write scheme and host only, without a path")
    if not parts.hostname.isascii():
        raise ValueError("write the host's name in its ASCII form, for example https://xn--mnchen-3ya.example")
    if not _NAME.fullmatch(parts.hostname) and not _is_address(parts.hostname):
        raise ValueError("the host's name may hold letters, digits, hyphens and dots only")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("use https://; http:// is for 127.0.0.1 and localhost only")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def database_url(given: str) -> str:
    """Read where the data is kept."""
    if given.startswith("sqlite:///") and given.removeprefix("sqlite:///") not in {"", ":memory:"}:
        _check_file(given.removeprefix("sqlite:///"))
        return given
    parts = split(given)
    is_whole = parts.netloc.count("@") <= 1 and "@" not in parts.path  # so the driver takes it apart as we do
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/") or not is_whole:
        raise ValueError(_hinted("write sqlite:///file or postgresql://user:password@host/database", given))
    _check_encryption(parts)
    return given


def _check_file(name: str) -> None:
    if "?" in name:
        raise ValueError("write sqlite:/// and the file alone, without anything after a question mark")
    path = Path(name)
    try:
        is_folder, has_folder = path.is_dir(), path.parent.is_dir()
    except OSError as error:
        raise ValueError(f"the file can't be used: {error.strerror}") from None
    if is_folder:
        raise ValueError("this is a folder; name a file in it")
    if not has_folder:
        raise ValueError(f"there is no folder {path.parent}; make it, or name another file")


def _check_encryption(parts: SplitResult) -> None:
    options = parse_qs(parts.query)
    if not {*options.get("sslmode", [])} <= {*_SSL_MODES}:
        raise ValueError(f"sslmode is one of {', '.join(_SSL_MODES)}")
    for name in _SSL_FILES:
        for path in options.get(name, []):
            _check_readable(name, Path(path))


def _check_readable(name: str, path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        raise ValueError(f"the file of {name} can't be read: {error.strerror}") from None


def smtp_url(given: str) -> str:
    """Read how mail leaves; delivery takes it apart again when it connects."""
    parts = split(given)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/"):
        usual = "write smtp://user:password@host:587?tls=starttls, or smtps://user:password@host"
        raise ValueError(_hinted(usual, given))
    if bool(parts.username) is not bool(parts.password):
        raise ValueError("write user and password, or neither of them")
    options = parse_qs(parts.query, keep_blank_values=True)
    security = options.pop("tls", ["starttls"])[-1]
    if security not in {"starttls", "implicit", "none"} or options:
        raise ValueError("write tls=starttls, tls=implicit or tls=none after the question mark, and nothing else")
    if security == "none" and not _is_here(parts.hostname):
        raise ValueError("tls=none is for a server on this machine only; write tls=starttls or tls=implicit")
    return given


def sms_urls(given: str) -> tuple[str, ...]:
    """Read the SMS providers in the order of failover; delivery takes them apart again."""
    return tuple(_sms_url(part.strip()) for part in _BETWEEN_URLS.split(given) if part.strip())


def _sms_url(given: str) -> str:
    parts = split(given)
    if parts.scheme == "twilio":
        _check_twilio(parts)
    elif parts.scheme not in {"https+json", "http+json"} or not parts.hostname:
        usual = "write https+json://host/path or twilio://SID:TOKEN@sender; several are divided by commas"
        raise ValueError(_hinted(usual, given))
    elif parts.scheme == "http+json" and not _is_here(parts.hostname):
        raise ValueError("http+json:// is for a gateway on this machine only; write https+json://")
    return given


def _check_twilio(parts: SplitResult) -> None:
    if not (parts.username and parts.password and parts.netloc.rpartition("@")[2]):
        raise ValueError("write twilio://SID:TOKEN@sender, the sender being a number, a name or MG…")
    api = split(parse_qs(parts.query).get("api", ["https://api.twilio.com"])[-1])
    if not api.hostname or (api.scheme != "https" and not _is_here(api.hostname)):
        raise ValueError("what ?api= names has to be an https:// address")


def push_hosts(given: str) -> tuple[PushHost, ...]:
    """Read the push services that may be posted to; `http://127.0.0.1:port` is one of a test on this machine."""
    return tuple(_push_host(part.strip()) for part in given.split(","))


def _push_host(given: str) -> PushHost:
    parts = split(given)
    if parts.scheme == "http" and _is_here(parts.hostname or "") and parts.port and not parts.path:
        return PushHost(parts.hostname or "", near_port=parts.port)
    name = given.lower().removeprefix("*.")
    if not _PUSH_HOST.fullmatch(name):
        raise ValueError("write the host names of push services, for example fcm.googleapis.com,*.notify.windows.com")
    return PushHost(name, with_subdomains=given.startswith("*."))


def _hinted(usual: str, given: str) -> str:
    """What is most often wrong where there is a password: a character that ends it too early."""
    spelt = "; in user and password, write % as %25, @ as %40, / as %2F, # as %23 and ? as %3F"
    return usual + (spelt if "@" in given else "")


def split(given: str) -> SplitResult:
    """Take a URL apart; what can't be taken apart gives an empty one."""
    try:
        parts = urlsplit(given)
        _ = parts.port
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def is_loopback(host: str) -> bool:
    """Say whether browsers know that nothing leaves this machine on the way to the host."""
    return host.endswith(".localhost") or _is_here(host)


def _is_here(host: str) -> bool:
    """Whether that is so for every program: a resolver may look for the names below localhost elsewhere."""
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def masked_url(given: str) -> str:
    """Show a URL without what may be secret in it."""
    parts = split(given)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{'…@' if '@' in parts.netloc else ''}{host}{parts.path}{'?…' if parts.query else ''}"
