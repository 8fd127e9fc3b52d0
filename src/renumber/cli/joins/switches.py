"""`renumber joins enable`, and what the database knows of those who joined."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

import typer

from renumber.cli.console import FAILED, Colour, say, stop
from renumber.cli.faults import settings_of_environment
from renumber.cli.run import look, run
from renumber.store.events.switches import WebhookSwitches
from renumber.store.schema.revision import newest_revision, present_revision
from renumber.store.streams.states import StreamState, stream_states


def off_since() -> Mapping[str, datetime]:
    """Read which webhooks are switched off; none where there is no database yet."""
    return look(lambda core: WebhookSwitches(core.database).off_since()) if _has_database() else {}


def streams() -> Sequence[StreamState]:
    """Read which streams receivers have made; none where there is no database yet."""
    return look(lambda core: stream_states(core.database)) if _has_database() else []


def _has_database() -> bool:
    return present_revision(settings_of_environment().database_url) == newest_revision()


def enable(
    webhook_id: Annotated[str, typer.Argument(metavar="ID", help="The id of the webhook, as `joins list` shows it.")],
) -> None:
    """Switch a webhook on again whose receiver had answered 410 Gone.

    What happened meanwhile is sent by `renumber joins replay`.
    """
    if not run(lambda core: WebhookSwitches(core.database).switch_on(webhook_id)):
        stop(f"{webhook_id} is not switched off.", FAILED)
    say(f"{webhook_id} is switched on. `renumber joins replay` sends what it has missed.", Colour.RIGHT)
