"""The people of an organisation: one statement each for its administrators and for a page of all of them."""

from sqlalchemy import bindparam, select

from renumber.store.database.open import Statement
from renumber.store.schema.tables import account

_belongs = account.c.organisation_id == bindparam("organisation_id")
ADMINISTRATORS = Statement(select(account).where(_belongs, account.c.is_administrator).order_by(account.c.account_id))
PEOPLE = Statement(
    select(account)
    .where(_belongs, account.c.account_id > bindparam("after"))
    .order_by(account.c.account_id)
    .limit(bindparam("limit"))
)
