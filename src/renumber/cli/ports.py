"""The check of ports before anything starts: of two servers on one, each would get some of the requests."""

import socket

from renumber.cli.console import FAILED, stop
from renumber.settings import Settings

METRICS_HOST = "127.0.0.1"


def check_port(host: str, port: int, *, advice: str = "Choose another --host or --port.") -> None:
    """Exit with a sentence if this process can't listen there."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, _, _, address = found[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        stop(f"{host}:{port} can't be listened on: {problem.strerror}. {advice}", FAILED)


def check_own_ports(settings: Settings, *, beside: int = 0) -> None:
    """Exit with a sentence if metrics or health can't have their ports."""
    check_metrics_port(settings, beside=beside)
    port = settings.health_port
    if not port:
        return
    if port in (beside, settings.metrics_port):
        whose = "of the pages" if port == beside else "of the metrics"
        stop(f"RENUMBER_HEALTH_PORT is {port}, the port {whose}: choose another, or 0 for none.")
    check_port(settings.health_host, port, advice="Choose another RENUMBER_HEALTH_PORT, or 0 for none.")


def check_metrics_port(settings: Settings, *, beside: int = 0) -> None:
    """Exit with a sentence if the metrics can't have their port, which is not the one of the pages."""
    if not settings.metrics_port:
        return
    if settings.metrics_port == beside:
        stop(f"RENUMBER_METRICS_PORT is {beside}, the port of the pages: choose another, or 0 for none.")
    check_port(METRICS_HOST, settings.metrics_port, advice="Choose another RENUMBER_METRICS_PORT, or 0 for none.")
