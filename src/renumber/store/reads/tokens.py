"""Reading what a token opens: the token, its grant, the session and the account in one query."""

from sqlalchemy import and_, bindparam, select

from renumber.domain.oidc.grant import Consent, GrantState
from renumber.flows.ports.oidc import Access, Given
from renumber.store.database.open import Database, Statement
from renumber.store.records import access_tokens, accounts, consents, grants, sessions
from renumber.store.records.mapper import Joined, Sealer, labelled
from renumber.store.schema import tables

_token, _grant, _session, _account = tables.oidc.access_token, tables.oidc.oauth_grant, tables.session, tables.account
_ACCESS = Statement(
    select(*(column for table in (_token, _grant, _session, _account) for column in labelled(table)))
    .select_from(
        _token.join(_account, _account.c.account_id == _token.c.account_id)
        .join(_grant, and_(_grant.c.account_id == _token.c.account_id, _grant.c.grant_id == _token.c.grant_id))
        .outerjoin(
            _session, and_(_session.c.account_id == _grant.c.account_id, _session.c.session_id == _grant.c.session_id)
        )
    )
    .where(_token.c.account_id == bindparam("account_id"), _token.c.token_id == bindparam("token_id"))
)


_GRANTS = Statement(
    select(*(column for table in (_grant, _session) for column in labelled(table)))
    .select_from(
        _grant.outerjoin(
            _session, and_(_session.c.account_id == _grant.c.account_id, _session.c.session_id == _grant.c.session_id)
        )
    )
    .where(_grant.c.account_id == bindparam("account_id"), _grant.c.state == GrantState.REDEEMED.value)
)


class StoredTokens:
    """The TokenReads port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def access(self, account_id: str, token_id: str) -> Access | None:
        """Read a token with all that its life hangs on, in one query."""
        rows = await self._database.fetch(_ACCESS, {"account_id": account_id, "token_id": token_id})
        if not rows:
            return None
        joined = Joined(rows[0], self._sealer)
        return Access(
            token=joined.of(access_tokens.mapper),
            grant=joined.of(grants.mapper),
            session=joined.find(sessions.mapper),
            account=joined.of(accounts.mapper),
        )

    async def consent(self, account_id: str, client_id: str) -> Consent | None:
        """Read what a person has agreed that a foreign application may learn."""
        rows = await self._database.fetch(consents.mapper.load, {"account_id": account_id, "client_id": client_id})
        return consents.mapper.read(rows[0], self._sealer) if rows else None

    async def given(self, account_id: str) -> Given:
        """Read all that a person has given to applications, as far as it was not taken back."""
        mine = {"account_id": account_id}
        joined = [Joined(row, self._sealer) for row in await self._database.fetch(_GRANTS, mine)]
        agreed = await self._database.fetch(consents.mapper.load_all, mine)
        return Given(
            [(each.of(grants.mapper), each.find(sessions.mapper)) for each in joined],
            [consents.mapper.read(row, self._sealer) for row in agreed],
        )
