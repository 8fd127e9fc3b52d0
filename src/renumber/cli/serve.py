"""`renumber serve`: everything is checked first, then this process becomes the server."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from renumber.cli.console import say, stop
from renumber.cli.faults import report_unknown_names, settings_of_environment
from renumber.cli.key_check import prepare, refuse_exposed_key
from renumber.cli.ports import check_own_ports, check_port
from renumber.cli.shades import other_shades
from renumber.observability.worker_metrics import SHARED_FOLDER, make_shared_folder
from renumber.settings import Settings

SERVER = ("-P", "-m", "renumber.wiring.server")


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the pages and send the messages; a fresh database is migrated first."""
    settings = settings_of_environment()
    missing = settings.missing_for_serving()
    if missing:
        stop("\n".join(("Before people can be served:", *(f"- {sentence}" for sentence in missing))))
    check_port(host, port)
    check_own_ports(settings, beside=port)
    refuse_exposed_key(settings)
    prepare(settings)
    say(f"Serving {settings.base_url} on {host}:{port} with {settings.workers} worker(s).")
    _report_other_shades(settings)
    report_unknown_names()
    if settings.metrics_token or settings.metrics_port:
        _share_metrics()
    os.environ.setdefault(TUNABLES, tunables())
    # This process becomes the server, so that nothing of the command line stays in its memory.
    os.execv(sys.executable, [sys.executable, *_server_options(settings, host, port)])  # noqa: S606


def _report_other_shades(settings: Settings) -> None:
    """Print where another shade than the chosen colour is shown, so that nobody wonders why."""
    shades = other_shades(settings.brand_color)
    if shades and os.environ.get("RENUMBER_BRAND_COLOR"):
        say(f"RENUMBER_BRAND_COLOR is {settings.brand_color}: {shades}.")


def _share_metrics() -> None:
    os.environ[SHARED_FOLDER] = str(make_shared_folder())


def _server_options(settings: Settings, host: str, port: int) -> list[str]:
    """Build the arguments of the server, which imports nothing from the folder that it is started in."""
    logs = ["--json-logs"] if settings.json_logs.chosen_for(sys.stderr) else []
    return [*SERVER, "--host", host, "--port", str(port), "--workers", str(settings.workers), *logs]


LARGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


TUNABLES = "GLIBC_TUNABLES"


# argon2 works in 19 MiB. A block of that size goes back to the system when a check is done, and comes back in a few
# large pages; in 4864 small ones that would cost half of a check, so without large pages it is kept.
_RETURNED = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4194304"


def tunables(large_pages: Path = LARGE_PAGES) -> str:
    """Choose the options of the C library for a server: none, unless its kernel gives large pages on request."""
    try:
        choice = large_pages.read_text()
    except OSError:
        return ""
    return "" if "[never]" in choice else _RETURNED
