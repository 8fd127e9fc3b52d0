"""Applications of other people's making, started as the guides say, and joined to one server."""

import hashlib
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
CLIENTS = ROOT / "docs/clients"
NODE = shutil.which("node")
STARTS_WITHIN = 60  # seconds
SECRET = "a secret of the application, as long as it takes to be one"
CLIENT = """
[[client]]
id = "{name}"
name = "The {name} shop"
secret_file = "client.secret"
redirect_uris = ["{origin}{callback}"]
post_logout_redirect_uris = ["{origin}/"]
return_to = ["{origin}/"]
initiate_login_uri = "{origin}{entrance}"
scopes = ["openid", "profile", "email", "offline_access"]
{more}
"""
KEY = f"rnk_{'payments':_<43}"
PROGRAM = f"""
[[api_key]]
name = "payments"
hash = "{hashlib.sha256(KEY.encode()).hexdigest()}"
scopes = ["accounts:read", "accounts:write", "journeys", "events"]

[[client]]
id = "shop"
public = true
redirect_uris = ["https://shop.example/callback"]
return_to = ["https://shop.example/number"]
"""
HEARS_OF_ENDS = """backchannel_logout_uri = "{origin}{hears}"
allow_private = true"""


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
    def callback(self) -> str:
        return "/guard/callback" if self.name == "nginx" else "/callback"

    @property
    def entrance(self) -> str:
        """Where a sign-in begins for whom Renumber sends (OpenID Connect Core 4)."""
        return "/login" if self.name in {"python", "node"} else self.callback

    @property
    def joins(self) -> str:
        """Its part of the joins file."""
        about = {"origin": self.origin, "callback": self.callback}
        if self.name == BANK:
            return STRICT.format(name=self.name, **about)
        hears = "/backchannel" if self.name in {"python", "node"} else f"{self.callback}?logout=backchannel"
        more = HEARS_OF_ENDS.format(origin=self.origin, hears=hears)
        return CLIENT.format(name=self.name, entrance=self.entrance, more=more, **about)

    def environment(self, issuer: str) -> dict[str, str]:
        """What the guides say to set."""
        return {
            "PATH": os.environ["PATH"],
            "ISSUER": issuer,
            "CLIENT_ID": self.name,
            "CLIENT_SECRET": SECRET,
            "APP_SECRET": SECRET,
            "API_KEY": KEY,
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
    with running(command, party.environment(issuer), party.port, log=folder / "python.log"):
        yield


@contextmanager
def running_node(party: Party, issuer: str, folder: Path) -> Iterator[None]:
    """Start the Node application."""
    assert NODE, "scripts/find-counterparts says that there is one"
    command = [NODE, str(GUIDES / "node/app.js")]
    with running(command, party.environment(issuer), party.port, log=folder / "node.log"):
        yield


@contextmanager
def running_bank(party: Party, issuer: str, folder: Path) -> Iterator[None]:
    """Start the Node application of the FAPI 2.0 profile."""
    assert NODE, "scripts/find-counterparts says that there is one"
    key = folder / "bank.key.json"
    key.write_text(json.dumps(BANK_KEY.as_dict(private=True)))
    environment = party.environment(issuer) | {"KEY_FILE": str(key)}
    with running([NODE, str(GUIDES / "node/fapi2.js")], environment, party.port, log=folder / "bank.log"):
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
def running(command: list[str], environment: Mapping[str, str], port: int, *, log: Path) -> Iterator[None]:
    """Start a program, wait until it listens, and end it with the block."""
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
