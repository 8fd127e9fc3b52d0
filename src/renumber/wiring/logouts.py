"""The sender of logout tokens, put together."""

from functools import partial

from renumber.delivery.logouts.sender import LogoutPorts, LogoutSender
from renumber.delivery.webhooks.post import PinnedPost
from renumber.flows.services import Services
from renumber.policies.oidc.logout import LOGOUT_TYPE
from renumber.store.backchannel_logouts import StoredLogouts
from renumber.store.database.open import Database
from renumber.wiring.webhooks import claimant


def build_logout_sender(database: Database, services: Services) -> LogoutSender:
    """Make a sender to all applications of the joins file, whichever stand there by then."""
    ports = LogoutPorts(
        joins=services.joins,
        logouts=StoredLogouts(database),
        sign=partial(services.signed_tokens.sign, kind=LOGOUT_TYPE),
        clock=services.clock,
        issuer=services.rules.base_url,
        new_id=services.secrets.new_id,
    )
    return LogoutSender(ports, PinnedPost(to="application"), claimant=claimant())
