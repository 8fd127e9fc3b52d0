"""Links: how one is made; its token is derived and never kept."""

from datetime import datetime

from renumber.domain.link import Link, LinkPurpose, derivation
from renumber.domain.message import Derived
from renumber.flows.act import Services
from renumber.flows.ports.services import KeyedHash


def new_link(
    services: Services, account_id: str, purpose: LinkPurpose, *, subject: str, until: datetime, generation: int = 1
) -> tuple[Link, Derived]:
    """Make a link and say how its token is derived; the token itself is never kept."""
    link_id, key_id = services.secrets.new_id(), services.secrets.current
    derived = derivation(purpose, account_id, link_id, key_id=key_id)
    token_key = services.secrets.fingerprints(KeyedHash.of_link(purpose), services.secrets.token(derived))[0]
    return Link(account_id, link_id, purpose, subject, key_id, token_key, generation, until), derived
