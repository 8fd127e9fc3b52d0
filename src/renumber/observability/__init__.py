"""Logs and metrics: what operators see of a running service, and never of a person."""

from renumber.observability.logs import configure_logs
from renumber.observability.meter import Meter
from renumber.observability.port import listening
from renumber.observability.stopwatch import TimedPasswords, spend

__all__ = ["Meter", "TimedPasswords", "configure_logs", "listening", "spend"]
