"""Sign-ins in progress as rows."""

from sqlalchemy import bindparam, update

from renumber.domain.factor import Factor
from renumber.domain.sign_in import SignIn, SignInState
from renumber.store.database.statement import Statement
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(sign_in: SignIn) -> Cells:
    """Write a sign-in, of which nothing identifies a person."""
    return {
        "account_id": sign_in.account_id,
        "sign_in_id": sign_in.sign_in_id,
        "token_key": sign_in.token_key,
        "browser_key": sign_in.browser_key,
        "state": sign_in.state.value,
        "change_id": sign_in.change_id,
        "started_at": sign_in.started_at,
        "expires_at": sign_in.expires_at,
        "from_known_browser": sign_in.from_known_browser,
        "method": sign_in.method.value,
        "session_id": sign_in.session_id,
        "link_id": sign_in.link_id,
        "version": sign_in.version,
    }


def from_row(row: Cells) -> SignIn:
    """Read a sign-in."""
    return SignIn(
        account_id=row["account_id"],
        sign_in_id=row["sign_in_id"],
        token_key=row["token_key"],
        browser_key=row["browser_key"],
        state=SignInState(row["state"]),
        change_id=row["change_id"],
        started_at=row["started_at"],
        expires_at=row["expires_at"],
        from_known_browser=bool(row["from_known_browser"]),
        method=Factor(row["method"]) if row["method"] else Factor.PHONE,
        session_id=row["session_id"],
        link_id=row["link_id"],
        version=row["version"],
    )


mapper = Mapper(SignIn, tables.sign_in, "sign_in_id", to_row=to_row, from_row=from_row)

END_ALL = Statement(
    update(tables.sign_in)
    .where(
        tables.sign_in.c.account_id == bindparam("same_account_id"),
        tables.sign_in.c.state != SignInState.COMPLETE.value,
        tables.sign_in.c.state != SignInState.ENDED.value,
        tables.sign_in.c.sign_in_id != bindparam("kept_id"),
    )
    .values(state=bindparam("ended_state"), version=tables.sign_in.c.version + 1)
)
