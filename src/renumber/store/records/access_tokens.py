"""Access tokens as rows."""

from renumber.domain.oidc.grant import AccessToken
from renumber.store.records.grants import words
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(token: AccessToken) -> Cells:
    """Write a token, of which only a keyed hash is kept."""
    return {
        "account_id": token.account_id,
        "token_id": token.token_id,
        "grant_id": token.grant_id,
        "token_key": token.token_key,
        "scopes": words(token.scopes),
        "jkt": token.jkt,
        "issued_at": token.issued_at,
        "expires_at": token.expires_at,
        "ended_at": token.ended_at,
        "version": token.version,
    }


def from_row(row: Cells) -> AccessToken:
    """Read a token."""
    return AccessToken(
        account_id=row["account_id"],
        token_id=row["token_id"],
        grant_id=row["grant_id"],
        token_key=row["token_key"],
        scopes=frozenset(row["scopes"].split()),
        jkt=row["jkt"],
        issued_at=row["issued_at"],
        expires_at=row["expires_at"],
        ended_at=row["ended_at"],
        version=row["version"],
    )


mapper = Mapper(AccessToken, tables.oidc.access_token, "token_id", to_row=to_row, from_row=from_row)
