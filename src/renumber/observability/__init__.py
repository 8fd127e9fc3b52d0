"""Logs and metrics: what operators see of a running service, and never of a person."""

from renumber.observability.logs import configure_logs
from renumber.observability.meter import Meter
from renumber.observability.metrics_port import listening
from renumber.observability.stopwatch import TimedPasswords, spend
from renumber.observability.worker_metrics import SHARED_FOLDER, make_shared_folder, remove_shared_folder

__all__ = [
    "SHARED_FOLDER",
    "Meter",
    "TimedPasswords",
    "configure_logs",
    "listening",
    "make_shared_folder",
    "remove_shared_folder",
    "spend",
]
