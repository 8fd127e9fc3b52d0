"""`renumber migrate` brings the schema up to date."""

from renumber.cli.console import say
from renumber.cli.faults import settings_of_environment
from renumber.cli.key_check import prepare


def migrate() -> None:
    """Bring the database to the newest schema; safe to repeat."""
    prepare(settings_of_environment())
    say("The database has the newest schema.")
