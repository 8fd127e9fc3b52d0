"""The e-mail addresses that are accepted, found in what people paste."""

import re
import unicodedata

import idna

from renumber.domain.email_address import EmailAddress
from renumber.policies.pasted_addresses import unwrapped

# RFC 5321 §4.1.2 without quoted local parts; a domain in its ASCII form, with a dot or on this machine.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*\.(?=[^.]*[A-Za-z]){_LABEL}|localhost")
MOST, MOST_LOCAL = 254, 64  # octets, RFC 5321 §4.5.3.1
_JOINERS = "\u200c\u200d"
_OF_WORDS = "LMN"  # letters, marks and numbers; other signs beyond ASCII are look-alikes, like ’ for '


def read_address(typed: str) -> EmailAddress | None:
    """Read an address as somebody typed or pasted it; None if it can't be one.

    The domain is taken in its ASCII form (IDNA 2008), in which all its spellings are one. The local part stays as it
    is: which of them are one mailbox is for its own server to know.
    """
    local, at, domain = unwrapped(typed).rpartition("@")
    local, domain = _local(local), _domain(domain)
    address = f"{local}@{domain}"
    if not at or not local or not domain or len(address.encode()) > MOST or len(local.encode()) > MOST_LOCAL:
        return None
    return EmailAddress(address)


def address_to_look_up(typed: str) -> EmailAddress:
    """Read an address that somebody signs in or is found with: one that can't be read is nobody's."""
    return read_address(typed) or EmailAddress(typed.strip())


def needs_smtputf8(address: EmailAddress) -> bool:
    """Say whether only a mail server with SMTPUTF8 (RFC 6531) can send to it."""
    return not address.text.isascii()


def _local(given: str) -> str:
    """Check a local part (RFC 6531 §3.3), and compose it (RFC 6532 §3.1); empty if it can't be one."""
    composed = unicodedata.normalize("NFC", _without_idle_joiners(given))
    spelt = "".join("x" if not sign.isascii() and _is_of_a_word(sign) else sign for sign in composed)
    starts_well = all(atom and unicodedata.category(atom[0])[0] != "M" for atom in composed.split("."))
    return composed if starts_well and _LOCAL.fullmatch(spelt) else ""


def _without_idle_joiners(given: str) -> str:
    """Leave joiners out where there is nothing but ASCII to join: they came with what was copied."""
    plain = given.replace(_JOINERS[0], "").replace(_JOINERS[1], "")
    return plain if plain.isascii() else given


def _is_of_a_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in _OF_WORDS or sign in _JOINERS


def _domain(given: str) -> str:
    """Check a domain, and give its A-labels (RFC 5891 §4, mapped as UTS 46 does); empty if it can't be one."""
    domain = _without_idle_joiners(given)
    if not domain.isascii():
        try:
            domain = idna.encode(domain[:MOST], uts46=True, std3_rules=True).decode()
        except UnicodeError:  # idna's own errors are of this kind
            return ""
    return domain if _DOMAIN.fullmatch(domain) else ""
