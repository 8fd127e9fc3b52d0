"""`renumber dead-messages …`: messages that no gateway took."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from renumber.cli.console import FAILED, say, stop, told
from renumber.cli.reading import Json, Limit, Times, Utc, next_page, say_columns, say_json
from renumber.cli.run import look, run
from renumber.store.messages.dead_messages import DeadMessage, DeadMessages

Id = Annotated[
    str, typer.Argument(metavar="ID", help="The id of the message, as `renumber dead-messages list` shows it.")
]


def list_(
    limit: Limit = 50,
    after: Annotated[str, typer.Option(metavar="ID", help="Go on after this message.")] = "",
    utc: Utc = False,
    as_json: Json = False,
) -> None:
    """List dead messages."""
    found = look(lambda core: DeadMessages(core.database).oldest(limit + 1, after))
    if found is None:
        stop(f"{after} is not among the dead messages.", FAILED)
    dead, more = found[:limit], found[limit:]
    following = dead[-1].message_id if more else None
    if as_json:
        say_json({"dead_messages": [asdict(one) for one in dead], "next": following})
        return
    say_columns(_rows(dead, Times(utc)), wide="reason")
    if not dead:
        say("There is no dead message.")
    told(next_page(following))


def _rows(dead: Sequence[DeadMessage], times: Times) -> list[dict[str, str]]:
    return [
        {
            "message": one.message_id,
            "account": one.account_id,
            "given up": times.shown(one.given_up_at),
            "kind": f"{one.notice} by {one.channel}",
            "reason": one.reason,
        }
        for one in dead
    ]


def retry(
    message_id: Annotated[str, typer.Argument(metavar="ID", help="The id of the message.", show_default=False)] = "",
    all_: Annotated[bool, typer.Option("--all", help="All of them, after what was in the way is mended.")] = False,
) -> None:
    """Send one again, or all."""
    if bool(message_id) == all_:
        stop("Name one message, or add --all.")
    sent = run(lambda core: DeadMessages(core.database).retry(core.clock.now(), message_id))
    if message_id and not sent:
        stop(f"{message_id} is not among the dead messages, or it would come too late by now.", FAILED)
    say(f"{sent} message(s) will be sent again.")


def drop(message_id: Id) -> None:
    """Drop one for good."""
    if not run(lambda core: DeadMessages(core.database).drop(message_id)):
        stop(f"{message_id} is not among the dead messages.", FAILED)
    say("Dropped.")
