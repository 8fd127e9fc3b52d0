"""Ending all at once that somebody could still use: sessions, unfinished sign-ins, and what was granted in them."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import bindparam, update

from renumber.domain.oidc.grant import GrantState
from renumber.domain.sign_in import SignInState
from renumber.store.database.open import Statement, Values
from renumber.store.records.mapper import ms
from renumber.store.schema import tables

_END_SESSIONS = Statement(
    update(tables.session)
    .where(
        tables.session.c.account_id == bindparam("same_account_id"),
        tables.session.c.ended_at.is_(None),
        tables.session.c.session_id != bindparam("kept_id"),
    )
    .values(ended_at=bindparam("ended_at"), version=tables.session.c.version + 1)
)
_END_SIGN_INS = Statement(
    update(tables.sign_in)
    .where(
        tables.sign_in.c.account_id == bindparam("same_account_id"),
        tables.sign_in.c.state != SignInState.COMPLETE.value,
        tables.sign_in.c.state != SignInState.ENDED.value,
        tables.sign_in.c.sign_in_id != bindparam("kept_id"),
    )
    .values(state=bindparam("ended_state"), version=tables.sign_in.c.version + 1)
)
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
    yield _END_SESSIONS, {**mine, "ended_at": ms(now)}
    yield _END_SIGN_INS, {**mine, "ended_state": SignInState.ENDED.value}
    yield _END_GRANTS, {**mine, "ended_state": GrantState.ENDED.value}
