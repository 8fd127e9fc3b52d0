"""Links: how one is made; its token is derived and never kept."""

from datetime import datetime

from renumber.domain.link import Link, LinkPurpose, derivation
from renumber.domain.message import Derived
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Services


def new_link(
    services: Services, account_id: str, purpose: LinkPurpose, *, subject: str, until: datetime, generation: int = 1
) -> tuple[Link, Derived]:
    """Make a link and say how its token is derived; the token itself is never kept."""
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
    )
    return link, derived
