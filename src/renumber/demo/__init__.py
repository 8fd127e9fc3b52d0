"""The mailbox and the phones beside the page, for the demonstration only."""

from renumber.demo.people import Person
from renumber.demo.ports import Backstage, DemoError
from renumber.demo.run import DEFAULT_PORT, run

__all__ = ["DEFAULT_PORT", "Backstage", "DemoError", "Person", "run"]
