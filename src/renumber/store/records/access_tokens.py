"""Access tokens as rows."""

from renumber.domain.oidc.grant import AccessToken
from renumber.store.records.grants import words
from renumber.store.records.mapper import Cells, Columns, Mapper, moment, moment_or_none, ms, ms_or_none
from renumber.store.schema import tables


def to_row(token: AccessToken, _columns: Columns) -> dict[str, object]:
    """Write a token, of which only a keyed hash is kept."""
    return {
        "account_id": token.account_id,
        "token_id": token.token_id,
        "grant_id": token.grant_id,
        "token_key": token.token_key,
        "scopes": words(token.scopes),
        "jkt": token.jkt,
        "issued_at": ms(token.issued_at),
        "expires_at": ms(token.expires_at),
        "ended_at": ms_or_none(token.ended_at),
        "version": token.version,
    }


def from_row(row: Cells, _columns: Columns) -> AccessToken:
    """Read a token."""
    return AccessToken(
        account_id=row["account_id"],
        token_id=row["token_id"],
        grant_id=row["grant_id"],
        token_key=row["token_key"],
        scopes=frozenset(row["scopes"].split()),
        jkt=row["jkt"],
        issued_at=moment(row["issued_at"]),
        expires_at=moment(row["expires_at"]),
        ended_at=moment_or_none(row["ended_at"]),
        version=row["version"],
    )


mapper = Mapper(AccessToken, tables.oidc.access_token, "token_id", to_row=to_row, from_row=from_row)
