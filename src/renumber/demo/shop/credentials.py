"""The joins file of the demonstration: the shop as an application, with a webhook and an API key."""

import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

CLIENT_ID, NAME = "shop", "Example Shop"
_JOINS = """\
[[client]]
id = "{client_id}"
name = "{name}"
secret_file = "shop.secret"
redirect_uris = ["{origin}/callback"]
post_logout_redirect_uris = ["{origin}/"]
initiate_login_uri = "{origin}/login"
backchannel_logout_uri = "{origin}/backchannel"
allow_private = true

[[webhook]]
id = "shop"
url = "{origin}/hooks"
secret_file = "shop.whsec"
allow_private = true

[[api_key]]
name = "shop"
hash = "{key_hash}"
scopes = ["accounts:read"]
"""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The secrets that the shop shows, and the one that webhooks to it are signed with."""

    client_secret: str = field(repr=False)
    webhook_secret: bytes = field(repr=False)
    api_key: str = field(repr=False)


def join_shop(folder: Path, origin: str) -> tuple[Path, Credentials]:
    """Write the joins file and the secrets that it names into a folder of the demonstration's own."""
    made = Credentials(secrets.token_urlsafe(32), secrets.token_bytes(32), f"rnk_{secrets.token_urlsafe(32)}")
    _write(folder / "shop.secret", made.client_secret)
    _write(folder / "shop.whsec", f"whsec_{b64encode(made.webhook_secret).decode()}")
    key_hash = sha256(made.api_key.encode()).hexdigest()
    path = folder / "joins.toml"
    path.write_text(_JOINS.format(client_id=CLIENT_ID, name=NAME, origin=origin, key_hash=key_hash))
    return path, made


def _write(path: Path, secret: str) -> None:
    path.touch(mode=0o600)
    path.write_text(secret)
