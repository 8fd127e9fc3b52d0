"""A rendered mail as bytes on the wire.

The parts are written out here: `EmailMessage` parses each header several times, which is most of the work of a mail.
Headers with words from outside are still checked, encoded and folded by the standard library.
"""

import re
from base64 import encodebytes
from binascii import b2a_qp
from email.errors import MessageError
from email.headerregistry import Address
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from renumber.delivery.channel import Fault, RenderedMail

SUBJECTS = 500  # more than there are, in all languages
_USUAL = re.compile(r"(?=.{3,70}$)[a-z0-9]+([._+-][a-z0-9]+)*@([a-z0-9]+(-+[a-z0-9]+)*\.)+[a-z]{2,24}", re.ASCII)

# A local part beyond ASCII (RFC 6532 §3.2), which the standard library's parser refuses.
_INTERNATIONAL = re.compile(
    r"(?=.{3,254}$)[^\s<>()\[\],;:\\\"@\x00-\x20\x7f-\x9f]+@([a-z0-9-]+\.)+[a-z0-9-]{2,63}", re.IGNORECASE
)


class MailComposer:
    """Writes mails that share a sender and a logo."""

    def __init__(self, sender: Address, logo_png: bytes | None) -> None:
        self._domain = sender.domain
        self._from = _header("From", sender, policy_for(sender.addr_spec))
        self._logo = _picture(logo_png) if logo_png else ""

    def compose(self, mail: RenderedMail) -> bytes:
        """Write a mail as plain text and HTML; its Message-ID is always the same, so that a copy is recognised."""
        headers = [
            self._from,
            *_from_outside(mail),
            f"Date: {format_datetime(mail.created_at)}",
            f"Message-ID: <{mail.message_id}@{self._domain}>",
            "Auto-Submitted: auto-generated",  # RFC 3834 §5: holiday notes stay away
            "X-Auto-Response-Suppress: All",  # the same in Exchange's words
            f"Content-Language: {mail.locale}",
            "MIME-Version: 1.0",
        ]
        forms = (_text("plain", mail.text), self._with_logo(_text("html", mail.html), mail.message_id))
        return "\r\n".join((*headers, _multipart("alternative", f"=_a_{mail.message_id}", *forms))).encode()

    def _with_logo(self, html: str, message_id: str) -> str:
        return _multipart("related", f"=_r_{message_id}", html, self._logo) if self._logo else html


def policy_for(address: str) -> "EmailPolicy[Any]":
    """Choose how a header with this address is written: beyond ASCII it stands there as it is (RFC 6532)."""
    return SMTP if address.isascii() else SMTPUTF8


def _from_outside(mail: RenderedMail) -> tuple[str, str]:
    policy = policy_for(mail.to)
    try:
        return _to(mail.to, policy), _subject(mail.subject, policy)
    except (ValueError, MessageError, IndexError) as refused:  # a line break in any of them would forge a header
        raise Fault(permanent=True, reason="the address or subject can't stand in a mail header") from refused


def _to(address: str, policy: "EmailPolicy[Any]") -> str:
    """Write the recipient: one that is spelt as nearly all are needs no parser, which takes longer than its mail."""
    is_plain = _USUAL.fullmatch(address) or (not address.isascii() and _INTERNATIONAL.fullmatch(address))
    return f"To: {address}" if is_plain else _header("To", Address(addr_spec=address), policy)


@lru_cache(SUBJECTS)
def _subject(text: str, policy: "EmailPolicy[Any]") -> str:
    return _header("Subject", text, policy)


def _header(name: str, value: str | Address, policy: "EmailPolicy[Any]") -> str:
    return str(policy.fold(*policy.header_store_parse(name, value))).removesuffix("\r\n")


def _multipart(kind: str, boundary: str, *parts: str) -> str:
    """Join parts by a boundary with "=_" in it, which neither of the two encodings ever writes (RFC 2045 §6.7)."""
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n{body}--{boundary}--\r\n'


def _text(kind: str, words: str) -> str:
    # quoted-printable passes every relay unchanged, so a DKIM signature holds
    lines = b"\r\n".join(words.encode().splitlines()) + b"\r\n"
    described = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable'
    return f"{described}\r\n\r\n{b2a_qp(lines).decode()}"


def _picture(png: bytes) -> str:
    described = [
        "Content-Type: image/png",
        "Content-Transfer-Encoding: base64",
        "Content-ID: <brand>",
        'Content-Disposition: inline; filename="brand.png"',
    ]
    encoded = encodebytes(png).decode().replace("\n", "\r\n")
    return "\r\n".join((*described, "", encoded))
