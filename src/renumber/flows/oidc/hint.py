"""The person and the application that an ID token of ours names, which any of its bearers may show."""

from dataclasses import dataclass

from renumber.flows.services import Services


@dataclass(frozen=True, slots=True)
class Hint:
    """Whom an ID token names, also an expired one: the account, and the application that it was given to."""

    account_id: str = ""
    client_id: str = ""


async def read_hint(services: Services, token: str) -> Hint:
    """Read an `id_token_hint` (OpenID Connect Core 3.1.2.1); it names nobody if it is none of ours."""
    claims = await services.signed_tokens.read(token) if token else None
    account_id, client_id = (claims.get("sub"), claims.get("aud")) if claims else ("", "")
    if not isinstance(account_id, str) or not isinstance(client_id, str):
        return Hint()
    return Hint(account_id, client_id)
