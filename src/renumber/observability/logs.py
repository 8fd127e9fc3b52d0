"""Logs: one line for each event on standard error; those of libraries go through the same allow-list."""

import logging
import os
import sys
import threading
import warnings
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, BinaryIO, TextIO

import msgspec
import structlog

from renumber.observability.current import CURRENT
from renumber.observability.fields import KNOWN_TEXTS, keep_allowed
from renumber.observability.frames import frames_of, name_of, place

SILENT = ("granian.access", "uvicorn.access")  # our own line says more, and no token

Event = MutableMapping[str, Any]
log = structlog.get_logger()


def configure_logs(*, json_logs: bool, stream: BinaryIO | None = None) -> None:
    """Send everything that this process logs through the allow-list, as JSON or for people to read."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=json_logs),
            _with_request,
            _without_text,
            keep_allowed,
            _as_json if json_logs else _for_people(sys.stderr),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.BytesLoggerFactory(stream or sys.stderr.buffer),
        cache_logger_on_first_use=stream is None,  # a stream of its own is a test's, and the next test has another
    )
    _take_over_libraries()
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda args: _log_trouble("thread_died", args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _log_trouble("unraisable", args.exc_value, args.exc_traceback)
    warnings.showwarning = _log_warning  # type: ignore[assignment]  # called by position only


def _with_request(_logger: object, _method: str, event: Event) -> Event:
    """Name the request during which something is logged."""
    request = CURRENT.get()
    if request is not None:
        event.setdefault("request_id", request.request_id)
    return event


def _without_text(_logger: object, _method: str, event: Event) -> Event:
    """Turn an exception into its kind and its frames."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["fault"], event["frames"] = name_of(error), frames_of(error.__traceback__)
    return event


def _as_json(_logger: object, _method: str, event: Event) -> bytes:
    return msgspec.json.encode(event)


def _for_people(terminal: TextIO) -> Any:
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    render = structlog.dev.ConsoleRenderer(colors=terminal.isatty() and not is_plain, pad_event_to=20)
    return lambda logger, method, event: render(logger, method, event).encode()


def _take_over_libraries() -> None:
    """Send everything that the standard library logs to one handler."""
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    logging.root.handlers = [Intake()]
    logging.root.setLevel(logging.INFO)
    for name in SILENT:
        logging.getLogger(name).disabled = True


class Intake(logging.Handler):
    """Logs the records of libraries: the place, and the text if it is known to be harmless."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass one record on; chatter below a warning is dropped unless it is known."""
        text = _text_of(record)
        is_known = KNOWN_TEXTS.fullmatch(text) is not None
        if is_known or record.levelno >= logging.WARNING:
            said = {"text": text} if is_known else {"at": place(record.pathname, record.lineno, record.funcName)}
            level = min(record.levelno // 10 * 10, logging.CRITICAL)  # a library may have levels of its own
            log.log(level, "library", logger=record.name, exc_info=record.exc_info, **said)


def _text_of(record: logging.LogRecord) -> str:
    """Give the text of a record if a web server has logged it."""
    if not record.name.startswith(("_granian", "uvicorn")):
        return ""
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # logging itself would print the arguments that don't fit
        return ""


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log_trouble("uncaught", error, trace)


def _log_trouble(event: str, error: BaseException | None, trace: TracebackType | None) -> None:
    if error is not None:
        log.error(event, fault=name_of(error), frames=frames_of(trace))


def _log_warning(
    _message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    _file: TextIO | None = None,
    _line: str | None = None,
) -> None:
    """Log the class and the place of a warning; its text may quote a value."""
    log.warning("warning", fault=category.__name__, at=place(filename, lineno, "<module>"))
