"""`renumber migrate` brings the schema up to date."""

import typer

from renumber.cli.console import say, settings_of_environment
from renumber.cli.key_check import prepare

app = typer.Typer(add_completion=False)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema; safe to repeat."""
    prepare(settings_of_environment())
    say("The database has the newest schema.")
