"""The process that the service of the demonstration is forked from: loading is most of what a start takes.

Each line on stdin is a JSON object with `host`, `port` and `environment`; stdout tells of each service `started` with
its process id, and later `ended`. A service leads a process group of its own, and writes to stderr.
"""

import json
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import typer

from renumber.cli.serve import serve
from renumber.store.database.statement import Statement
from renumber.store.schema import migrate
from renumber.wiring import server

LOADED = (migrate, server)  # or each service would load them


def main() -> None:
    """Start one service after the other, until stdin ends."""
    Statement.compile_all("sqlite:")
    for line in sys.stdin:
        process_id = _start(json.loads(line))
        os.waitpid(process_id, 0)
        _tell("ended")


def _start(wanted: dict[str, Any]) -> int:
    """Fork a service; whoever ends this process knows of each that was forked."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    process_id = os.fork()
    os.setpgid(process_id, process_id)
    if not process_id:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        _serve(**wanted)
    _tell(f"started {process_id}")
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    return process_id


def _tell(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def _serve(*, host: str, port: int, environment: Mapping[str, str]) -> NoReturn:
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.environ.clear()
    os.environ.update(environment)
    code = 0
    try:
        serve(host, port)
    except typer.Exit as ending:
        code = ending.exit_code
    finally:
        sys.stdout.flush()
    sys.exit(code)
