"""The demonstration: a service of its own, with what two people and their helpers have at hand beside its pages."""

from renumber.demo.accounts import COMPANY, DemoAccount
from renumber.demo.checklist import Happening
from renumber.demo.ports import DemoAccess, DemoError
from renumber.demo.run import DEFAULT_PORT, run
from renumber.demo.staff import DemoColleague, DemoPerson

__all__ = [
    "COMPANY",
    "DEFAULT_PORT",
    "DemoAccess",
    "DemoAccount",
    "DemoColleague",
    "DemoError",
    "DemoPerson",
    "Happening",
    "run",
]
