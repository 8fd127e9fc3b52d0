"""The shape of the joins file, as it is written."""

from msgspec import Struct, field


class ClientRow(Struct, kw_only=True, forbid_unknown_fields=True):
    """One `[[client]]`."""

    id: str
    name: str = ""
    secret_file: str = ""
    jwks_file: str = ""
    public: bool = False
    foreign: bool = False
    redirect_uris: list[str] = field(default_factory=list)
    post_logout_redirect_uris: list[str] = field(default_factory=list)
    initiate_login_uri: str = ""
    backchannel_logout_uri: str = ""
    allow_private: bool = False
    return_to: list[str] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    profile: str = "oidc"
    pkce: str = "required"
    dpop_nonce: bool | None = None
    id_token_signed_response_alg: str = ""


class WebhookRow(Struct, kw_only=True, forbid_unknown_fields=True):
    """One `[[webhook]]`; of two secret files the newer comes first."""

    url: str
    secret_file: str | list[str]
    id: str = ""
    events: list[str] = field(default_factory=lambda: ["*"])
    include_number: bool = False
    allow_private: bool = False


class ApiKeyRow(Struct, kw_only=True, forbid_unknown_fields=True):
    """One `[[api_key]]`."""

    name: str
    hash: str
    scopes: list[str]
    audience: str = ""
    allow_private: bool = False


class Rows(Struct, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    client: list[ClientRow] = field(default_factory=list)
    webhook: list[WebhookRow] = field(default_factory=list)
    api_key: list[ApiKeyRow] = field(default_factory=list)
