"""`renumber joins replay`."""

from datetime import datetime
from typing import Annotated

import typer

from renumber.cli.console import FAILED, Colour, say, stop
from renumber.cli.reading import read_time
from renumber.cli.run import run
from renumber.policies.joins import Webhook
from renumber.store.events.replay import EventReplay
from renumber.wiring.core import Core


def replay(
    webhook: Annotated[str, typer.Option(metavar="ID", help="The webhook, as `renumber joins list` shows it.")],
    event: Annotated[str, typer.Option(metavar="ID", help="The event: the header webhook-id.")] = "",
    since: Annotated[
        str, typer.Option(metavar="TIME", help="All that it hears since then: 2026-11-30, or 2026-11-30T08:00+01:00.")
    ] = "",
) -> None:
    """Send events to a webhook again, with the ids that they had: one, or all since a time.

    Events are kept for 30 days. Whoever serves, or `renumber work`, sends them.
    """
    if bool(event) == bool(since):
        stop("Name one event by --event, or a time by --since.")
    began_at = read_time(since)
    sent = run(lambda core: _replay(core, webhook, event=event, since=began_at))
    if event and not sent:
        stop(f"There is no event {event}, or it is older than 30 days.", FAILED)
    say(f"{sent} event(s) will be sent again.", Colour.RIGHT)


async def _replay(core: Core, webhook_id: str, *, event: str, since: datetime | None) -> int:
    webhook = _named(core, webhook_id)
    replaying, now = EventReplay(core.database), core.clock.now()
    return await replaying.since(webhook, since, now) if since else await replaying.one(webhook, event, now)


def _named(core: Core, webhook_id: str) -> Webhook:
    found = core.services.joins.current().webhook(webhook_id)
    if found is None:
        stop(f"There is no webhook {webhook_id} in the joins file.", FAILED)
    return found
