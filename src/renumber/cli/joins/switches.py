"""`renumber joins enable`, and which webhooks are switched off."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import typer

from renumber.cli.console import FAILED, Colour, say, stop
from renumber.cli.faults import settings_of_environment
from renumber.cli.run import look, run
from renumber.store.events.switches import WebhookSwitches
from renumber.store.schema.revision import newest_revision, present_revision


def off_since() -> Mapping[str, datetime]:
    """Read which webhooks are switched off; none where there is no database yet."""
    if present_revision(settings_of_environment().database_url) != newest_revision():
        return {}
    return look(lambda core: WebhookSwitches(core.database).off_since())


def enable(
    webhook_id: Annotated[str, typer.Argument(metavar="ID", help="The id of the webhook, as `joins list` shows it.")],
) -> None:
    """Switch a webhook on again whose receiver had answered 410 Gone.

    What happened meanwhile is sent by `renumber joins replay`.
    """
    if not run(lambda core: WebhookSwitches(core.database).switch_on(webhook_id)):
        stop(f"{webhook_id} is not switched off.", FAILED)
    say(f"{webhook_id} is switched on. `renumber joins replay` sends what it has missed.", Colour.RIGHT)
