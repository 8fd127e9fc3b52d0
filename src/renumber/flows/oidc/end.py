"""Ending what was granted: by the application that holds it."""

from renumber.domain.oidc.grant import AccessToken
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.oidc.client import ClientAct, by_any_token, by_client
from renumber.flows.oidc.refresh_token import generation_of
from renumber.flows.ports.services import KeyedHash


@by_client(by_any_token)
async def revoke(act: ClientAct) -> Step[None]:
    """End an access token alone, or by a refresh token all that its grant gave (RFC 7009 2.1)."""
    fingerprints, shown = act.services.secrets.fingerprints, act.ticket.token
    if act.grant.client_id != act.application.client_id:
        return act.refuse(Refusal.GRANT_NOT_VALID)
    token = await act.work.load(AccessToken, act.ticket.id)
    if token and token.token_key in fingerprints(KeyedHash.ACCESS_TOKEN, shown):
        act.keep(token.end(act.now))
        return act.done(None)
    if generation_of(act.services.secrets, act.grant, shown):
        step = act.grant.end()
        act.keep(*([step.state] if step.facts else []))
        return act.done(None, *step.facts)
    return act.refuse(Refusal.GRANT_NOT_VALID)
