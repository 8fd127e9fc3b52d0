"""Web servers that stand in front of an application which knows nothing of OpenID."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from harness.ports import free_port
from harness.proxies import find_proxy
from tests.foreign.parties import GUIDES, Party, running

APACHE, MODULES = Path("/usr/sbin/apache2"), Path("/usr/lib/apache2/modules")
LOADED = (
    *("mpm_event", "authn_core", "authz_core", "authz_user", "headers", "rewrite", "setenvif"),
    *("proxy", "proxy_http", "auth_openidc"),
)
REFRESHED_AT_ONCE = "/refreshed"
REFRESHING = f"""
<Location {REFRESHED_AT_ONCE}>
    OIDCPathScope offline_access
    OIDCRefreshAccessTokenBeforeExpiry 600 logout_on_error
</Location>
"""
NGINX = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    upstream guard {{ server 127.0.0.1:{guard}; }}
    upstream application {{ server 127.0.0.1:{behind}; }}
    server {{
        listen 127.0.0.1:{port};
        include {guides}/forward-auth/nginx.conf;
    }}
}}
"""


@contextmanager
def running_apache(party: Party, issuer: str, folder: Path) -> Iterator[None]:
    """Start Apache in front of a program that shows what it is told of the person."""
    with _showing() as behind:
        lines = [f"Include {GUIDES}/apache/renumber.conf", REFRESHING, f"ProxyPass / http://127.0.0.1:{behind}/"]
        with _apache(party, issuer, folder, port=party.port, lines=lines):
            yield


@contextmanager
def running_nginx(party: Party, issuer: str, folder: Path) -> Iterator[None]:
    """Start nginx in front of the same program, and Apache beside it, which nginx asks."""
    guard = free_port()
    guarding = _apache(party, issuer, folder, port=guard, lines=[f"Include {GUIDES}/forward-auth/guard.conf"])
    with _showing() as behind, guarding:
        configuration = folder / "nginx.conf"
        configuration.write_text(
            NGINX.format(folder=folder, guard=guard, behind=behind, port=party.port, guides=GUIDES)
        )
        command = [str(find_proxy("nginx")), "-p", f"{folder}/", "-c", str(configuration)]
        with running(command, {"PATH": os.environ["PATH"]}, party.port, log=folder / "nginx.log"):
            yield


@contextmanager
def _apache(party: Party, issuer: str, folder: Path, *, port: int, lines: list[str]) -> Iterator[None]:
    settings = party.environment(issuer)
    del settings["PATH"]
    configuration = folder / "apache.conf"
    whole = [
        f"ServerName localhost\nListen 127.0.0.1:{port}",
        f"PidFile {folder}/apache.pid\nErrorLog {folder}/error.log",
        f"DefaultRuntimeDir {folder}\nMutex file:{folder} default",
        *(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in LOADED),
        *(f'Define {name} "{value}"' for name, value in settings.items()),
        *lines,
    ]
    configuration.write_text("\n".join(whole))
    command = [str(APACHE), "-X", "-f", str(configuration)]
    with running(command, {"PATH": os.environ["PATH"]}, port, log=folder / "apache.log"):
        yield


class _Shown(BaseHTTPRequestHandler):
    """Greets whoever the web server says is there, and shows every header that could tell who it is."""

    def do_GET(self) -> None:
        name, email = self.headers.get("X-Account-Name", ""), self.headers.get("X-Account-Email", "")
        told = [f"{header}: {value}" for header, value in self.headers.items() if self._tells(header)]
        shown = f"<p>Hello {name} ({email})</p><pre>{chr(10).join(told)}</pre>"
        body = f"<!doctype html><title>Shop</title><h1>Shop</h1>{shown}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _tells(self, header: str) -> bool:
        plain = header.lower().replace("_", "-")
        return plain.startswith(("x-account", "oidc", "remote-user", "x-remote"))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _showing() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shown)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
