"""Grants as rows."""

from renumber.domain.oidc.grant import Grant, GrantState
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def words(several: frozenset[str]) -> str:
    """Write names, none of which has a space, as one text."""
    return " ".join(sorted(several))


def to_row(grant: Grant) -> Cells:
    """Write a grant, of which nothing identifies a person."""
    return {
        "account_id": grant.account_id,
        "grant_id": grant.grant_id,
        "client_id": grant.client_id,
        "session_id": grant.session_id,
        "is_offline": grant.is_offline,
        "redirect_uri": grant.redirect_uri,
        "challenge": grant.challenge,
        "nonce": grant.nonce,
        "scopes": words(grant.scopes),
        "id_token_claims": words(grant.id_token_claims),
        "userinfo_claims": words(grant.userinfo_claims),
        "acr": grant.acr,
        "amr": " ".join(grant.amr),
        "authenticated_at": grant.authenticated_at,
        "code_key": grant.code_key,
        "code_expires_at": grant.code_expires_at,
        "generation": grant.generation,
        "jkt": grant.jkt,
        "state": grant.state.value,
        "given_at": grant.given_at,
        "expires_at": grant.expires_at,
        "version": grant.version,
    }


def from_row(row: Cells) -> Grant:
    """Read a grant."""
    return Grant(
        account_id=row["account_id"],
        grant_id=row["grant_id"],
        client_id=row["client_id"],
        session_id=row["session_id"],
        is_offline=bool(row["is_offline"]),
        redirect_uri=row["redirect_uri"],
        challenge=row["challenge"],
        nonce=row["nonce"],
        scopes=frozenset(row["scopes"].split()),
        id_token_claims=frozenset(row["id_token_claims"].split()),
        userinfo_claims=frozenset(row["userinfo_claims"].split()),
        acr=row["acr"],
        amr=tuple(row["amr"].split()),
        authenticated_at=row["authenticated_at"],
        code_key=row["code_key"],
        code_expires_at=row["code_expires_at"],
        generation=row["generation"],
        jkt=row["jkt"],
        state=GrantState(row["state"]),
        given_at=row["given_at"],
        expires_at=row["expires_at"],
        version=row["version"],
    )


mapper = Mapper(Grant, tables.oidc.oauth_grant, "grant_id", to_row=to_row, from_row=from_row)
