"""A small shop at another origin, which signs its customers in through the service and knows nothing else of it."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen

from joserfc import jwt
from joserfc.jwk import KeySet

SECRET = "a-secret-of-the-shop-of-32-characters-and-more"


class Shop(ThreadingHTTPServer):
    """The shop; `provider` is the origin of the service, `state` and `verifier` those of its one customer.

    `more` is what it asks for besides.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.provider = self.state = self.verifier = self.id_token = ""
        self.customer: dict[str, Any] = {}
        self.more: dict[str, str] = {}

    @property
    def origin(self) -> str:
        """Another site than the service, so that no cookie of either reaches the other."""
        return f"http://localhost:{self.server_port}"

    def sign_in_address(self) -> str:
        self.state, self.verifier = secrets.token_urlsafe(16), secrets.token_urlsafe(48)
        challenge = urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": "shop",
            "redirect_uri": f"{self.origin}/callback",
            "scope": "openid profile phone",
            "state": self.state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **self.more,
        }
        return f"{self.provider}/oauth/authorize?{urlencode(asked)}"

    def take(self, answer: dict[str, str]) -> None:
        """Check the answer, exchange the code, verify who it is, and ask about them."""
        assert (answer["state"], answer["iss"]) == (self.state, self.provider)
        form = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": f"{self.origin}/callback",
            "code_verifier": self.verifier,
            "client_id": "shop",
            "client_secret": SECRET,
        }
        tokens = self._ask("/oauth/token", urlencode(form).encode())
        keys = KeySet.import_key_set(self._ask("/oauth/jwks"))
        self.id_token = tokens["id_token"]
        claims = jwt.decode(self.id_token, keys, ["RS256"]).claims
        self.customer = self._ask("/oauth/userinfo", token=tokens["access_token"])
        assert claims["sub"] == self.customer["sub"]

    def sign_out_address(self) -> str:
        asked = {"id_token_hint": self.id_token, "post_logout_redirect_uri": f"{self.origin}/"}
        return f"{self.provider}/oauth/logout?{urlencode(asked)}"

    def _ask(self, path: str, body: bytes | None = None, token: str = "") -> Any:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        with urlopen(Request(self.provider + path, body, headers)) as reply:  # noqa: S310 - on this machine
            return json.loads(reply.read())


class _Page(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        if path == "/callback":
            self.server.take(query)
            said = f"Hello {escape(self.server.customer['name'])}, we call {self.server.customer['phone_number']}"
            self._say(f'{said} <a href="{escape(self.server.sign_out_address())}">Leave</a>')
        else:
            self._say(f'Welcome <a href="{escape(self.server.sign_in_address())}">Enter</a>')

    def _say(self, content: str) -> None:
        page = f'<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><p>{content}</p>'
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def open_shop() -> Iterator[Shop]:
    """Open the shop, until the end."""
    shop = Shop()
    thread = Thread(target=shop.serve_forever, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        shop.shutdown()
        thread.join()
        shop.server_close()
