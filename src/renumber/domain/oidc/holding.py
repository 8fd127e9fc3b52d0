"""The holdings of applications: all that a person has given each of them, by grants and consents together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from renumber.domain.oidc.grant import Consent, Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One application and what it may learn: by `scopes`, first given at `since`, and last at `last_at`.

    It `is_offline` if it may go on after the person has left.
    """

    client_id: str
    scopes: frozenset[str]
    since: datetime
    last_at: datetime
    is_offline: bool


def holdings(grants: Iterable[Grant], consents: Iterable[Consent]) -> list[Holding]:
    """Put together what each application holds, the one that was given something last first."""
    given: dict[str, list[Grant | Consent]] = {}
    for grant in grants:
        given.setdefault(grant.client_id, []).append(grant)
    for consent in consents:
        if consent.scopes:
            given.setdefault(consent.client_id, []).append(consent)
    return sorted(map(_holding, given.values()), key=lambda one: one.last_at, reverse=True)


def _holding(given: list[Grant | Consent]) -> Holding:
    return Holding(
        client_id=given[0].client_id,
        scopes=frozenset().union(*(each.scopes for each in given)),
        since=min(each.given_at for each in given),
        last_at=max(each.given_at for each in given),
        is_offline=any(isinstance(each, Grant) and each.is_offline for each in given),
    )
