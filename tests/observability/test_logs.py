"""Whoever logs, and however it goes wrong: no text of an exception, and no line of a library, gets out."""

import asyncio
import gc
import logging
import sys
import threading
import warnings
from collections.abc import Callable

import pytest
import structlog

from tests.observability.conftest import Log
from tests.observability.secrets import NUMBER, SECRETS

LIBRARIES = ("_granian", "granian.access", "uvicorn.error", "uvicorn.access", "asyncio", "httpx2", "root.child")


def fail() -> None:
    raise ValueError(f"no account has the number {NUMBER}")


def test_an_exception_is_logged_by_its_kind_and_its_place(logged: Log) -> None:
    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("message_failed")

    (line,) = logged.lines
    assert NUMBER not in logged.text
    assert line["fault"] == "ValueError"
    assert line["frames"][-1].startswith("observability/test_logs.py:")
    assert line["frames"][-1].endswith(":fail")


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_no_library_logs_a_secret(library: str, secret: str, logged: Log) -> None:
    logger = logging.getLogger(library)

    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.CRITICAL, 35):
        logger.log(level, f"GET {secret}")  # noqa: G004 -- as libraries do
        logger.log(level, "GET %s", secret)
        logger.log(level, "failed", extra={"path": secret})
        logger.log(level, "failed", exc_info=ValueError(secret), stack_info=True)

    assert secret not in logged.text.replace("\\n", "\n")


def test_a_warning_of_a_library_is_told_by_its_place(logged: Log) -> None:
    logging.getLogger("some.library").warning("it is about %s", NUMBER)

    (line,) = logged.lines
    assert line["logger"] == "some.library"
    assert line["level"] == "warning"
    assert line["at"].startswith("observability/test_logs.py:")
    assert "text" not in line


def test_chatter_of_a_library_is_dropped(logged: Log) -> None:
    logging.getLogger("httpx2").info("HTTP Request: POST https://sms.example.com/%s", NUMBER)

    assert logged.text == ""


@pytest.mark.parametrize(
    "text",
    [
        "Listening at: http://127.0.0.1:8000",
        "Unexpected exit from worker-2",
        (
            "Configured number of workers appears to be higher than the amount of CPU cores available. Mind that such "
            "value might actually decrease the overall throughput of the server. Consider using 2 workers and tune "
            "threads configuration instead"
        ),
    ],
)
def test_a_server_says_what_is_known_to_be_harmless(text: str, logged: Log) -> None:
    logging.getLogger("_granian").info(text)

    assert logged.lines[0]["text"] == text


def test_a_record_that_does_not_fit_together_is_not_printed_either(
    configured: Callable[..., Log], capfd: pytest.CaptureFixture[str]
) -> None:
    log = configured()

    logging.getLogger("_granian").error("%d bytes", NUMBER)

    assert NUMBER not in log.text + "".join(capfd.readouterr())
    assert log.lines[0]["logger"] == "_granian"


def test_a_task_whose_exception_nobody_asked_for_is_told_without_its_text(logged: Log) -> None:
    async def forget() -> None:
        async def fail_in_the_background() -> None:
            fail()

        task = asyncio.ensure_future(fail_in_the_background())
        await asyncio.wait([task])
        del task
        gc.collect()

    asyncio.run(forget())

    assert NUMBER not in logged.text
    assert any(line["logger"] == "asyncio" and line["fault"] == "ValueError" for line in logged.lines)


def test_a_thread_that_dies_is_told_without_its_text(logged: Log, capfd: pytest.CaptureFixture[str]) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()

    assert NUMBER not in logged.text + "".join(capfd.readouterr())
    assert logged.lines[0]["event"] == "thread_died"
    assert logged.lines[0]["fault"] == "ValueError"


def test_what_fails_while_it_is_cleaned_up_is_told_without_its_text(
    logged: Log, capfd: pytest.CaptureFixture[str]
) -> None:
    class Careless:
        def __del__(self) -> None:
            fail()

    careless = Careless()
    del careless
    gc.collect()

    assert NUMBER not in logged.text + "".join(capfd.readouterr())
    assert logged.lines[0]["event"] == "unraisable"


def test_what_ends_the_process_is_told_without_its_text(logged: Log, capfd: pytest.CaptureFixture[str]) -> None:
    try:
        fail()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)

    assert NUMBER not in logged.text + "".join(capfd.readouterr())
    assert logged.lines[0]["event"] == "uncaught"


def test_a_warning_is_told_by_its_kind_and_place(
    configured: Callable[..., Log], capfd: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        log = configured()
        warnings.warn(f"{NUMBER} is deprecated", DeprecationWarning, stacklevel=1)

    assert NUMBER not in log.text + "".join(capfd.readouterr())
    assert log.lines[0]["fault"] == "DeprecationWarning"
    assert log.lines[0]["at"].startswith("observability/test_logs.py:")


def test_lines_for_people_are_filtered_as_those_for_machines(configured: Callable[..., Log]) -> None:
    log = configured(json_logs=False)

    structlog.get_logger().info("request", status=200, phone=NUMBER)
    logging.getLogger("asyncio").error("failed", exc_info=ValueError(NUMBER))

    assert NUMBER not in log.text
    assert "status" in log.text
    assert "ValueError" in log.text
