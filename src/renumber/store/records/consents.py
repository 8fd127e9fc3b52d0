"""Consents as rows."""

from renumber.domain.oidc.grant import Consent
from renumber.store.records.grants import words
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(consent: Consent) -> Cells:
    """Write a consent, of which nothing identifies a person."""
    return {
        "account_id": consent.account_id,
        "client_id": consent.client_id,
        "scopes": words(consent.scopes),
        "given_at": consent.given_at,
        "version": consent.version,
    }


def from_row(row: Cells) -> Consent:
    """Read a consent."""
    return Consent(
        account_id=row["account_id"],
        client_id=row["client_id"],
        scopes=frozenset(row["scopes"].split()),
        given_at=row["given_at"],
        version=row["version"],
    )


mapper = Mapper(Consent, tables.oidc.consent, "client_id", to_row=to_row, from_row=from_row)
