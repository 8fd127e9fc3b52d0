"""`renumber migrate` brings the schema up to date."""

from typing import Annotated

import typer

from renumber.cli.console import say, stop
from renumber.cli.faults import settings_of_environment, worded_faults
from renumber.cli.key_check import prepare
from renumber.store.schema.migrate import upgrade

Partitions = Annotated[
    int | None,
    typer.Option(
        help="Spread the tables of PostgreSQL over so many partitions, each account in one; stop the service before.",
        min=2,
        max=256,
        show_default=False,
    ),
]


def migrate(partitions: Partitions = None) -> None:
    """Bring the database to the newest schema; safe to repeat."""
    settings = settings_of_environment()
    if partitions and settings.database_url.startswith("sqlite:"):
        stop("SQLite has no partitions: RENUMBER_DATABASE_URL has to name a PostgreSQL database.")
    prepare(settings)
    if partitions:
        with worded_faults():
            upgrade(settings.database_url, partitions=partitions)
        say(f"Accounts are spread over {partitions} partitions, or over as many as they were before.")
    say("The database has the newest schema.")
