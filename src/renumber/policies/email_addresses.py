"""The e-mail addresses that are accepted."""

import re

from renumber.domain.email_address import EmailAddress

# RFC 5321 §4.1.2 without quoted local parts; a domain in its ASCII form, with a dot or on this machine.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*\.(?=[^.]*[A-Za-z]){_LABEL}|localhost")
MOST, MOST_LOCAL = 254, 64  # RFC 5321 §4.5.3.1


def read_address(typed: str) -> EmailAddress | None:
    """Read an address as somebody typed it; None if it can't be one."""
    address = typed.strip()
    local, _, domain = address.rpartition("@")
    if len(address) > MOST or len(local) > MOST_LOCAL:
        return None
    return EmailAddress(address) if _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) else None
