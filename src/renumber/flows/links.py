"""Links: how one is made, with the address that it goes to; its token is derived and never kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.messages.link import Link, LinkPurpose, derivation
from renumber.domain.messages.message import Channel, Derived, Notice
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Services


@dataclass(frozen=True, slots=True)
class Recipient:
    """The channel and the address that a link goes to: an e-mail address, a number, or the id of a device."""

    channel: Channel
    address: str = field(repr=False)


def new_link(
    services: Services,
    account_id: str,
    purpose: LinkPurpose,
    *,
    subject: str,
    until: datetime,
    generation: int = 1,
    to: Recipient | None = None,
    notice: Notice | None = None,
) -> tuple[Link, Derived]:
    """Make a link and say how its token is derived; the token itself is never kept."""
    address_key = _address_keys(services, to)[0] if to else None
    link_id, key_id = services.secrets.new_id(), services.secrets.current
    derived = derivation(purpose, account_id, link_id, key_id=key_id)
    link = Link(
        account_id=account_id,
        link_id=link_id,
        purpose=purpose,
        subject=subject,
        key_id=key_id,
        token_key=services.secrets.fingerprints(KeyedHash.of_link(purpose), services.secrets.token(derived))[0],
        generation=generation,
        expires_at=until,
        channel=to.channel if to else None,
        address_key=address_key,
        notice=notice,
    )
    return link, derived


def _address_keys(services: Services, to: Recipient) -> tuple[bytes, bytes]:
    return services.secrets.fingerprints(KeyedHash.ADDRESS_OF_LINK, f"{to.channel}\x1f{to.address}")


def went_to(services: Services, link: Link, recipients: Iterable[Recipient]) -> bool:
    """Tell whether a link was sent to one of these."""
    return link.went_to({key for recipient in recipients for key in _address_keys(services, recipient)})


def mailbox_of(account: Account) -> Recipient:
    """The account's mailbox; another spelling of its address is the same."""
    return Recipient(Channel.EMAIL, account.email.key)


def phone(number: PhoneNumber) -> Recipient:
    """Whoever has this number."""
    return Recipient(Channel.SMS, number.e164)


def on_file(account: Account, now: datetime) -> tuple[Recipient, ...]:
    """The mailbox and the numbers that count for the account at this time."""
    return (mailbox_of(account), *map(phone, account.numbers_on_file(now)))


async def find_link(services: Services, token: str, *purposes: LinkPurpose) -> Link | None:
    """Find a link by its token, whichever of these it is for."""
    for purpose in purposes:
        link = await services.store.find_link(purpose, token)
        if link:
            return link
    return None
