"""`renumber account sessions`."""

from collections.abc import Sequence
from typing import Annotated

import typer

from renumber.cli.account.arguments import Email
from renumber.cli.console import FAILED, say, stop, told
from renumber.cli.reading import Json, Limit, Times, Utc, next_page, say_columns, say_json
from renumber.cli.run import By, find, look, operator
from renumber.domain.session import Session
from renumber.flows.account.show import show_to_operator
from renumber.store.reads.open_sessions import OpenSessions
from renumber.wiring.core import Core

After = Annotated[str, typer.Option(metavar="ID", help="Go on after this session.")]


def sessions(
    email: Email, limit: Limit = 50, after: After = "", utc: Utc = False, as_json: Json = False, by: By = ""
) -> None:
    """Show the open sessions of an account.

    The newest come first. The history keeps who has looked.
    """
    account_id, found = look(lambda core: _read(core, email, by=by, after=after, limit=limit + 1))
    page = found[:limit]
    following = page[-1].session_id if len(found) > limit else None
    if as_json:
        say_json({"account_id": account_id, "sessions": [_json(one) for one in page], "next": following})
        return
    say_columns([_row(one, Times(utc)) for one in page], wide="browser")
    if not page:
        say("It is signed in nowhere." if not after else "There is no further session.")
    told(next_page(following))


async def _read(core: Core, email: str, *, by: str, after: str, limit: int) -> tuple[str, Sequence[Session]]:
    account = await find(core, email)
    kept, now = OpenSessions(core.database, core.keys), core.clock.now()
    last = await kept.find(account.account_id, after) if after else None
    if after and last is None:
        stop(f"The account has no session {after}.", FAILED)
    if account.email.text:
        await show_to_operator(core.services, operator(core, by), account.account_id)
    idle_since = now - core.settings.limits.idle_for
    found = await kept.newest(account.account_id, now, idle_since=idle_since, after=last, limit=limit)
    return account.account_id, found


def _row(session: Session, times: Times) -> dict[str, str]:
    return {
        "session": session.session_id,
        "browser": session.browser,
        "confirmed by": session.factor.value if session.factor else "none",
        "signed in": times.shown(session.created_at),
        "last seen": times.shown(session.seen_at),
    }


def _json(session: Session) -> dict[str, object]:
    return {
        "session_id": session.session_id,
        "browser": session.browser,
        "factor": session.factor.value if session.factor else None,
        "created_at": session.created_at,
        "seen_at": session.seen_at,
        "expires_at": session.expires_at,
    }
