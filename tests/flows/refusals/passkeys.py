"""."""

from tests.flows.refusals.case import Cases

CASES = Cases()
