"""`renumber serve`: everything is looked at first, then this process becomes the server."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from renumber.cli.console import other_shades, say, settings_of_environment, stop, tell_unknown_names
from renumber.cli.key_check import prepare
from renumber.cli.ports import check_metrics_port, check_port
from renumber.observability.worker_metrics import SHARED_FOLDER, make_shared_folder
from renumber.settings import Settings

app = typer.Typer(add_completion=False)
SERVER = ("-P", "-m", "renumber.wiring.server")


@app.command()
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
    check_metrics_port(settings, beside=port)
    prepare(settings)
    say(f"Serving {settings.base_url} on {host}:{port} with {settings.workers} worker(s).")
    _tell_other_shades(settings)
    tell_unknown_names()
    if settings.metrics_token or settings.metrics_port:
        _let_workers_add_up()
    os.environ.setdefault(TUNABLES, tunables())
    # This process becomes the server, so that nothing of the command line stays in its memory.
    os.execv(sys.executable, [sys.executable, *_server_options(settings, host, port)])  # noqa: S606


def _tell_other_shades(settings: Settings) -> None:
    """Whoever chose a colour should not wonder why some of it looks different."""
    shades = other_shades(settings.brand_color)
    if shades and os.environ.get("RENUMBER_BRAND_COLOR"):
        say(f"RENUMBER_BRAND_COLOR is {settings.brand_color}: {shades}.")


def _let_workers_add_up() -> None:
    os.environ[SHARED_FOLDER] = str(make_shared_folder())


def _server_options(settings: Settings, host: str, port: int) -> list[str]:
    """Name the server and what it must know; it imports nothing from the folder that it is started in."""
    logs = ["--json-logs"] if settings.json_logs else []
    return [*SERVER, "--host", host, "--port", str(port), "--workers", str(settings.workers), *logs]


LARGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


TUNABLES = "GLIBC_TUNABLES"


# argon2 works in 19 MiB. A block of that size goes back to the system when a check is done, and comes back in a few
# large pages; in 4864 small ones that would cost half of a check, so without large pages it is kept.
_RETURNED = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4194304"


def tunables(large_pages: Path = LARGE_PAGES) -> str:
    """What to tell the C library of a server: nothing, unless its kernel has large pages for those who ask."""
    try:
        choice = large_pages.read_text()
    except OSError:
        return ""
    return "" if "[never]" in choice else _RETURNED
