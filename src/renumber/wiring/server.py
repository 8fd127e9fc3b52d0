"""The parent process of the workers: it starts them, replaces one that dies, and ends after them.

A worker is forked from it, so that what all of them need is loaded once and kept in memory once.
"""

import multiprocessing
import sys
from collections.abc import Callable
from functools import cache

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer, MTServer, Server

from renumber.observability.logs import configure_logs
from renumber.observability.worker_metrics import remove_shared_folder
from renumber.web.edge import Edge
from renumber.wiring.web import prepared

APPLICATION = "renumber"  # only a name: what is served is given
HEADER_WITHIN = 5_000  # milliseconds
HEADER_BYTES = 32 * 1024
REQUESTS_AT_ONCE = 512  # per worker; what comes beyond waits in the backlog
STOP_WITHIN = 25  # seconds for requests and messages under way
OUR_LOGS = {"version": 1, "disable_existing_loggers": False, "loggers": {"_granian": {}, "granian.access": {}}}


def serve(host: str, port: int, *, workers: int, json_logs: bool) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")  # as it was in every Python until 3.14
    # A file of its own: a worker that is forked while a line is written here would never get the lock of another.
    with open(2, "wb", closefd=False) as errors:
        configure_logs(json_logs=json_logs, stream=errors)
        try:
            _loaded()
            _server(host, port, workers).serve(target_loader=_application, wrap_loader=False)
        finally:
            remove_shared_folder()


@cache
def _loaded() -> Callable[[], Edge]:
    return prepared()


def _application() -> Edge:
    """Make the application of a worker, of what its parent has loaded, or loaded anew where workers are not forked."""
    return _loaded()()


def _server(host: str, port: int, workers: int) -> MPServer | MTServer:
    return Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,  # a slow client of HTTP/2 would be given all the time it likes
        websockets=False,
        workers=workers,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN,
        backpressure=REQUESTS_AT_ONCE,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_WITHIN, max_buffer_size=HEADER_BYTES),
        log_level=LogLevels.warning,
        log_dictconfig=OUR_LOGS,
    )
