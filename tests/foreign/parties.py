"""Applications of other people's making, started as the guides say, and joined to one server."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl

from joserfc.jwk import ECKey

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs/join"
APACHE, MODULES = shutil.which("apache2") or "/usr/sbin/apache2", Path("/usr/lib/apache2/modules")
NODE = shutil.which("node")
STARTS_WITHIN = 60  # seconds
SECRET = "a secret of the application, as long as it takes to be one"
LOADED = ("mpm_event", "authn_core", "authz_core", "authz_user", "headers", "proxy", "proxy_http", "auth_openidc")
CLIENT = """
[[client]]
id = "{name}"
name = "The {name} shop"
secret_file = "client.secret"
redirect_uris = ["{origin}/callback"]
post_logout_redirect_uris = ["{origin}/"]
scopes = ["openid", "profile", "email", "offline_access"]
"""


STRICT = """
[[client]]
id = "{name}"
name = "The {name}"
jwks_file = "bank.keys.json"
profile = "fapi2"
redirect_uris = ["{origin}/callback"]
scopes = ["openid", "profile", "email", "offline_access"]
"""
BANK, POSTED = "bank", "posted"
BANK_KEY = ECKey.generate_key("P-256", {"kid": "one"})


@dataclass(frozen=True)
class Party:
    """An application, by the port that it will listen on."""

    name: str
    port: int

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def joins(self) -> str:
        """Its part of the joins file."""
        return (STRICT if self.name == BANK else CLIENT).format(name=self.name, origin=self.origin)

    def environment(self, issuer: str) -> dict[str, str]:
        """What the guides say to set."""
        return {
            "PATH": os.environ["PATH"],
            "ISSUER": issuer,
            "CLIENT_ID": self.name,
            "CLIENT_SECRET": SECRET,
            "APP_SECRET": SECRET,
            "ORIGIN": self.origin,
            "PORT": str(self.port),
        }


@contextmanager
def running_python(party: Party, issuer: str, folder: Path) -> Iterator[None]:
    """Start the Flask application."""
    app = GUIDES / "python/app.py"
    command = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        str(app),
        "run",
        "--host",
        "127.0.0.1",
        "--port",
        str(party.port),
    ]
    with _running(command, party.environment(issuer), party.port, log=folder / "python.log"):
        yield


@contextmanager
def running_node(party: Party, issuer: str, folder: Path) -> Iterator[None]:
    """Start the Node application."""
    assert NODE, "scripts/find-counterparts says that there is one"
    command = [NODE, str(GUIDES / "node/app.js")]
    with _running(command, party.environment(issuer), party.port, log=folder / "node.log"):
        yield


@contextmanager
def running_bank(party: Party, issuer: str, folder: Path) -> Iterator[None]:
    """Start the Node application of the FAPI 2.0 profile."""
    assert NODE, "scripts/find-counterparts says that there is one"
    key = folder / "bank.key.json"
    key.write_text(json.dumps(BANK_KEY.as_dict(private=True)))
    environment = party.environment(issuer) | {"KEY_FILE": str(key)}
    with _running([NODE, str(GUIDES / "node/fapi2.js")], environment, party.port, log=folder / "bank.log"):
        yield


@contextmanager
def taking_posts(party: Party) -> Iterator[list[dict[str, str]]]:
    """Be the application that answers are posted to, and keep them."""
    taken: list[dict[str, str]] = []

    class Callback(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["content-length"])).decode()
            taken.append(dict(parse_qsl(form)))
            self.send_response(303)
            self.send_header("Location", "/welcome")
            self.end_headers()

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"Welcome")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", party.port), Callback) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield taken
        server.shutdown()


@contextmanager
def running_apache(party: Party, issuer: str, folder: Path) -> Iterator[None]:
    """Start Apache in front of a program that shows what it is told of the person."""
    with _shown_claims() as behind:
        lines = [
            f"ServerName localhost\nListen 127.0.0.1:{party.port}",
            f"PidFile {folder}/apache.pid\nErrorLog {folder}/error.log",
            f"DefaultRuntimeDir {folder}\nMutex file:{folder} default",
            *(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in LOADED),
            *(f"Define {name} {_quoted(value)}" for name, value in party.environment(issuer).items() if name != "PATH"),
            f"Include {GUIDES}/apache/renumber.conf",
            f"ProxyPass / http://127.0.0.1:{behind}/",
        ]
        configuration = folder / "apache.conf"
        configuration.write_text("\n".join(lines))
        command = [APACHE, "-X", "-f", str(configuration)]
        with _running(command, {"PATH": os.environ["PATH"]}, party.port, log=folder / "apache.log"):
            yield


def _quoted(value: str) -> str:
    return f'"{value}"'


RUNNING = {"python": running_python, "node": running_node, "apache": running_apache}


def missing() -> dict[str, str]:
    """Name what this machine lacks of each application, and how to get it."""
    lacks = {}
    if not NODE or not (GUIDES / "node/node_modules/openid-client").is_dir():
        lacks["node"] = "node and docs/join/node/node_modules: install Node 20, then npm ci --prefix docs/join/node"
    if not Path(APACHE).exists() or not (MODULES / "mod_auth_openidc.so").exists():
        lacks["apache"] = "apache2 with mod_auth_openidc: apt-get install apache2 libapache2-mod-auth-openidc"
    return lacks


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], port: int, *, log: Path) -> Iterator[None]:
    with log.open("wb") as said, subprocess.Popen(command, env=dict(environment), stdout=said, stderr=said) as process:
        try:
            _await(port, process, log)
            yield
        finally:
            process.terminate()
            process.wait(20)


def _await(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text(errors="replace"))


class _Claims(BaseHTTPRequestHandler):
    """Shows the claims that arrive as headers."""

    def do_GET(self) -> None:
        name, email = self.headers.get("OIDC_CLAIM_name", ""), self.headers.get("OIDC_CLAIM_email", "")
        body = f"<!doctype html><title>Shop</title><h1>Shop</h1><p>Hello {name} ({email})</p>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _shown_claims() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Claims)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    lacking = missing()
    for name in RUNNING:
        sys.stdout.write(f"{name}: {'missing: ' + lacking[name] if name in lacking else 'found'}\n")
    sys.exit(1 if lacking else 0)
