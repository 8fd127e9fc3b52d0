"""`renumber serve`: everything is checked first, then the server is loaded."""

import os
import sys
from typing import Annotated

import typer

from renumber.cli.console import say, stop
from renumber.cli.faults import report_unknown_names, settings_of_environment
from renumber.cli.key_check import prepare, refuse_exposed_key
from renumber.cli.loading import load_server
from renumber.cli.ports import check_own_ports, check_port
from renumber.cli.shades import other_shades
from renumber.observability.worker_metrics import SHARED_FOLDER, make_shared_folder
from renumber.settings import Settings


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
    load_server()(host, port, workers=settings.workers, json_logs=settings.json_logs.chosen_for(sys.stderr))


def _report_other_shades(settings: Settings) -> None:
    """Print where another shade than the chosen colour is shown, so that nobody wonders why."""
    shades = other_shades(settings.brand_color)
    if shades and os.environ.get("RENUMBER_BRAND_COLOR"):
        say(f"RENUMBER_BRAND_COLOR is {settings.brand_color}: {shades}.")


def _share_metrics() -> None:
    os.environ[SHARED_FOLDER] = str(make_shared_folder())
