"""Links as rows: only the keyed hash of the token and of the address that it went to."""

from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.messages.message import Channel, Notice
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(link: Link) -> Cells:
    """Write a link, of which nothing identifies a person."""
    return {
        "account_id": link.account_id,
        "link_id": link.link_id,
        "purpose": link.purpose.value,
        "subject": link.subject,
        "key_id": link.key_id,
        "token_key": link.token_key,
        "generation": link.generation,
        "expires_at": link.expires_at,
        "used_at": link.used_at,
        "channel": link.channel.value if link.channel else None,
        "address_key": link.address_key,
        "notice": link.notice.value if link.notice else None,
        "version": link.version,
    }


def from_row(row: Cells) -> Link:
    """Read a link."""
    return Link(
        account_id=row["account_id"],
        link_id=row["link_id"],
        purpose=LinkPurpose(row["purpose"]),
        subject=row["subject"],
        key_id=row["key_id"],
        token_key=row["token_key"],
        generation=row["generation"],
        expires_at=row["expires_at"],
        used_at=row["used_at"],
        channel=Channel(row["channel"]) if row["channel"] else None,
        address_key=bytes(row["address_key"]) if row["address_key"] else None,
        notice=Notice(row["notice"]) if row["notice"] else None,
        version=row["version"],
    )


mapper = Mapper(Link, tables.link, "link_id", to_row=to_row, from_row=from_row)
