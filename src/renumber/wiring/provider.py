"""The company's identity provider that staff may sign in with, put together."""

from renumber.crypto.client_assertion import ClientAssertions
from renumber.delivery.provider.client import ProviderClient
from renumber.flows.services import Services
from renumber.settings import Settings
from renumber.settings.console.provider import Credentials
from renumber.settings.joins.secret_files import private_text

CALLBACK = "/console/sign-in/done"


def identity_provider(settings: Settings, services: Services) -> ProviderClient | None:
    """Make what asks the identity provider, if the operator has named one."""
    rules, secret, key = settings.provider, settings.provider_client_secret_file, settings.provider_client_key_file
    if not rules.issuer:
        return None
    credentials = Credentials(
        issuer=rules.issuer,
        client_id=rules.client_id,
        secret=private_text(secret) if secret else "",
        key=private_text(key) if key else "",
    )
    new_id, clock = services.secrets.new_id, services.clock
    return ProviderClient(
        credentials,
        scope=rules.scope,
        acr=rules.acr,
        redirect_uri=(settings.console_origin or settings.base_url) + CALLBACK,
        signed=ClientAssertions(credentials.key, rules.client_id, clock=clock, new_id=new_id)
        if credentials.key
        else None,
    )
