"""The demonstration: a service of its own, with the mailbox and the phones of two accounts beside its pages."""

from renumber.demo.accounts import DemoAccount
from renumber.demo.checklist import Happening
from renumber.demo.ports import DemoAccess, DemoError
from renumber.demo.run import DEFAULT_PORT, run

__all__ = ["DEFAULT_PORT", "DemoAccess", "DemoAccount", "DemoError", "Happening", "run"]
