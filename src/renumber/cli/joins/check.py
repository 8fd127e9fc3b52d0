"""`renumber joins check`."""

from renumber.cli.console import Colour, say
from renumber.cli.joins.reading import File, given_joins
from renumber.policies.joins import Joins


def check(file: File = None) -> None:
    """Check the joins file.

    A running server takes a changed file over within a second if it is right, and goes on with the one before if not.
    """
    path, joins = given_joins(file)
    say(f"{path} is right: {counted(joins)}.", Colour.RIGHT)


def counted(joins: Joins) -> str:
    """Count what has joined, in words."""
    kinds = (
        (len(joins.applications), "application"),
        (len(joins.webhooks), "webhook"),
        (len(joins.api_keys), "API key"),
    )
    return ", ".join(f"{many} {noun}{'' if many == 1 else 's'}" for many, noun in kinds)
