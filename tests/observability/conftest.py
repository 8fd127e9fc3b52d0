"""What the tests of logs and metrics start from: a captured log, and requests as the web notes them."""

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from renumber.observability.logs import configure_logs

Lines = list[dict[str, Any]]


class Log:
    """All that was logged since the test began."""

    def __init__(self) -> None:
        self.stream = io.BytesIO()

    @property
    def text(self) -> str:
        """As it was written."""
        return self.stream.getvalue().decode()

    @property
    def lines(self) -> Lines:
        """As it is read by machines."""
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def configured() -> Iterator[Callable[..., Log]]:
    """Configure the logs of this process, and undo it after the test."""
    root, known = logging.root, logging.root.manager.loggerDict
    loggers = [logging.getLogger(name) for name in known]
    before = [(each, each.handlers, each.propagate, each.disabled) for each in loggers]
    of_root = (root.handlers, root.level)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning)

    def configure(*, json_logs: bool = True) -> Log:
        log = Log()
        configure_logs(json_logs=json_logs, stream=log.stream)
        return log

    yield configure
    sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks
    root.handlers, root.level = of_root
    for each, handlers, propagate, disabled in before:
        each.handlers, each.propagate, each.disabled = handlers, propagate, disabled
    structlog.reset_defaults()


@pytest.fixture
def logged(configured: Callable[..., Log]) -> Log:
    """Log as JSON into memory."""
    return configured()
