"""A rendered mail as bytes on the wire."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from renumber.delivery.channel import Fault, RenderedMail


def compose(mail: RenderedMail, sender: Address, logo_png: bytes | None) -> EmailMessage:
    """Plain text and HTML; the same message always has the same Message-ID, so that a copy can be recognised."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = mail.subject
    except (ValueError, MessageError, IndexError) as refused:  # a line break in any of them would forge a header
        raise Fault(permanent=True, reason="the address or subject can't stand in a mail header") from refused
    message["Date"] = mail.created_at
    message["Message-ID"] = f"<{mail.message_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: holiday notes stay away
    message["X-Auto-Response-Suppress"] = "All"  # the same in Exchange's words
    _fill(message, mail, logo_png)
    message["Content-Language"] = mail.locale  # last, since adding parts moves all Content- headers into the first
    return message


def parse_sender(mail_from: str, brand: str) -> Address:
    """Read `Example Card <no-reply@example.com>`; a bare address is shown with the brand."""
    name, address = parseaddr(mail_from)
    return Address(name or brand, addr_spec=address)


def _fill(message: EmailMessage, mail: RenderedMail, logo_png: bytes | None) -> None:
    # quoted-printable passes every relay unchanged, so a DKIM signature holds
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if logo_png and (html := message.get_body(("html",))):
        html.add_related(logo_png, "image", "png", cid="<brand>", disposition="inline", filename="brand.png")
