"""The rules that hold between the settings of the console, each with the sentence for when it does not."""

from collections.abc import Callable, Sequence
from typing import Protocol

from renumber.policies.support.provider import ProviderRules
from renumber.settings.urls import split


class Chosen(Protocol):
    """The settings of the console, as far as they hang together."""

    @property
    def console(self) -> bool: ...
    @property
    def base_url(self) -> str: ...
    @property
    def console_here(self) -> bool: ...
    @property
    def console_origin(self) -> str: ...
    @property
    def console_networks(self) -> Sequence[object]: ...
    @property
    def provider(self) -> ProviderRules: ...
    @property
    def provider_client_secret_file(self) -> object: ...
    @property
    def provider_client_key_file(self) -> object: ...


def _host(origin: str) -> str | None:
    return split(origin).hostname


CONSOLE_RULES: tuple[tuple[Callable[[Chosen], bool], str], ...] = (
    (
        lambda s: s.console or not (s.console_origin or s.console_networks),
        "RENUMBER_CONSOLE: switch it on, or RENUMBER_CONSOLE_ORIGIN and RENUMBER_CONSOLE_NETWORKS are for nothing.",
    ),
    (
        lambda s: s.console or s.console_here,
        "RENUMBER_CONSOLE: leave it on where RENUMBER_CONSOLE_HERE is no; people ask for a recovery there.",
    ),
    (
        lambda s: not s.console_origin or _host(s.console_origin) != _host(s.base_url),
        "RENUMBER_CONSOLE_ORIGIN: choose another host name than RENUMBER_BASE_URL has; its ports share their cookies.",
    ),
    (
        lambda s: s.console or not s.provider.issuer,
        "RENUMBER_PROVIDER_ISSUER: switch RENUMBER_CONSOLE on; the provider lets staff into the console alone.",
    ),
    (
        lambda s: bool(s.provider.issuer) or not (s.provider.client_id or s.provider.roles),
        "RENUMBER_PROVIDER_ISSUER: set it, or the other settings of the identity provider are for nothing.",
    ),
    (
        lambda s: not s.provider.issuer or bool(s.provider.client_id),
        "RENUMBER_PROVIDER_CLIENT_ID: set it beside RENUMBER_PROVIDER_ISSUER.",
    ),
    (
        lambda s: not s.provider.issuer or bool(s.provider.roles),
        "RENUMBER_PROVIDER_ROLES: set it beside RENUMBER_PROVIDER_ISSUER, or nobody from there has a role.",
    ),
    (
        lambda s: (
            not s.provider.issuer or (s.provider_client_secret_file is None) != (s.provider_client_key_file is None)
        ),
        "RENUMBER_PROVIDER_CLIENT_SECRET_FILE and RENUMBER_PROVIDER_CLIENT_KEY_FILE: set one of them.",
    ),
    (
        lambda s: "openid" in s.provider.scope.split(),
        "RENUMBER_PROVIDER_SCOPE: keep `openid` in it, or there is no ID token.",
    ),
)
