"""`renumber letters …`: messages that were given up."""

from typing import Annotated

import typer

from renumber.cli.console import FAILED, say, stop
from renumber.cli.run import run
from renumber.store.dead_messages import DeadMessage, DeadMessages
from renumber.wiring import Parts

app = typer.Typer(
    name="letters",
    help="List, send again or drop messages that were given up.",
    no_args_is_help=True,
    add_completion=False,
)
MOST_LISTED = 200
Id = Annotated[
    str, typer.Argument(metavar="letter", help="The id of the message, as `renumber letters list` shows it.")
]


@app.command("list")
def list_() -> None:
    """List them by id and reason; whom they are for and what they say stays sealed."""
    dead = run(_list)
    for one in dead:
        given_up = f"given up {one.given_up_at:%Y-%m-%d %H:%M} UTC"
        say(f"{one.message_id}  account {one.account_id}  {given_up}  {one.kind}: {one.reason}")
    if not dead:
        say("No message was given up.")


async def _list(parts: Parts) -> list[DeadMessage]:
    return list(await DeadMessages(parts.database).oldest(MOST_LISTED))


@app.command()
def retry(
    message_id: Annotated[str, typer.Argument(metavar="letter", help="The id of the message.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="All of them, after what was in the way is mended.")] = False,
) -> None:
    """Send one again, or all; what would come too late stays where it is."""
    if bool(message_id) == all_:
        stop("Name one message, or add --all.")
    sent = run(lambda parts: DeadMessages(parts.database).retry(parts.clock.now(), message_id))
    if message_id and not sent:
        stop(f"{message_id} is not among the messages that were given up, or it would come too late by now.", FAILED)
    say(f"{sent} message(s) will be sent again.")


@app.command()
def drop(message_id: Id) -> None:
    """Give one up for good, and forget what it says."""
    if not run(lambda parts: DeadMessages(parts.database).drop(message_id)):
        stop(f"{message_id} is not among the messages that were given up.", FAILED)
    say("Dropped.")
