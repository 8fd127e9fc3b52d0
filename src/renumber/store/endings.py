"""Ending all at once that somebody could still use: sessions, unfinished sign-ins, and what was granted in them."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import bindparam, update

from renumber.domain.oidc.grant import GrantState
from renumber.domain.sign_in import SignInState
from renumber.store.database.open import Statement, Values
from renumber.store.records import sessions, sign_ins
from renumber.store.records.mapper import ms
from renumber.store.schema import tables

_END_GRANTS = Statement(
    update(tables.oidc.oauth_grant)
    .where(
        tables.oidc.oauth_grant.c.account_id == bindparam("same_account_id"),
        tables.oidc.oauth_grant.c.state != GrantState.ENDED.value,
        tables.oidc.oauth_grant.c.session_id != bindparam("kept_id"),
    )
    .values(state=bindparam("ended_state"), version=tables.oidc.oauth_grant.c.version + 1)
)


def endings(account_id: str, now: datetime, *, kept_id: str) -> Iterator[tuple[Statement, Values]]:
    """End everything of an account but the session to keep and what was granted in it; an empty id keeps nothing."""
    mine = {"same_account_id": account_id, "kept_id": kept_id}
    yield sessions.END_ALL, {**mine, "ended_at": ms(now)}
    yield sign_ins.END_ALL, {**mine, "ended_state": SignInState.ENDED.value}
    yield _END_GRANTS, {**mine, "ended_state": GrantState.ENDED.value}
