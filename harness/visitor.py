"""One browser without a window: it keeps cookies by hand, reads forms, and does what a person does.

Ours are `__Host-` cookies, which are Secure, so that no ordinary jar would send them over plain http.
"""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from threading import Barrier
from typing import TypeVar
from urllib.parse import urlencode

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
ANSWERS_WITHIN = 60.0  # seconds
AS_A_PROGRAM = {"Accept": "application/problem+json"}
CSRF = re.compile(r'name="csrf" value="([^"]*)"')

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    path: str

    def header(self, name: str) -> str:
        """One header, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def location(self) -> str:
        """Where it leads."""
        return self.header("location")

    @property
    def set_cookies(self) -> list[str]:
        """Every cookie that it sets."""
        return [value for key, value in self.headers if key.lower() == "set-cookie"]

    @property
    def text(self) -> str:
        """The page as a person reads it, entities and all."""
        return unescape(self.body.decode())

    @property
    def csrf(self) -> str:
        """The token of its forms."""
        found = CSRF.search(self.body.decode())
        return found[1] if found else ""


@dataclass
class Visitor:
    """A browser at its own address of the loopback network, so that the limits of an IP address are its own."""

    port: int
    ip: str
    headers: dict[str, str] = field(
        default_factory=lambda: {"User-Agent": FIREFOX, "Accept-Language": "en"}, repr=False
    )
    cookies: dict[str, str] = field(default_factory=dict, repr=False)
    csrf: str = field(default="", repr=False)
    origin: str = ""  # put in front of the path in the request line, as to a proxy
    added: dict[str, str] = field(default_factory=dict, repr=False)  # to every form
    given: list[str] = field(default_factory=list, repr=False)  # every cookie ever set
    pages: list[Reply] = field(default_factory=list, repr=False)  # every reply

    def send(self, method: str, target: str, body: str = "", headers: dict[str, str] | None = None) -> Reply:
        """One request on a connection of its own, as raw as it has to be."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=ANSWERS_WITHIN, source_address=(self.ip, 0))
        sent = {**self._headers(body), **(headers or {})}
        try:
            connection.putrequest(method, self.origin + target, skip_host="Host" in sent, skip_accept_encoding=True)
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(body.encode())
            response = connection.getresponse()
            reply = Reply(response.status, response.getheaders(), response.read(), target)
        finally:
            connection.close()
        self._remember(reply)
        return reply

    def _headers(self, body: str) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        form = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body.encode()))}
        return {**self.headers, **({"Cookie": cookie} if cookie else {}), **(form if body else {})}

    def copied(self, ip: str = "", **headers: str) -> "Visitor":
        """Another browser that has stolen all cookies of this one."""
        return Visitor(self.port, ip or self.ip, {**self.headers, **headers}, dict(self.cookies), self.csrf)

    def _remember(self, reply: Reply) -> None:
        self.pages.append(reply)
        for cookie in reply.set_cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            if value:
                self.cookies[name] = value
                self.given.append(value)
            else:
                self.cookies.pop(name, None)
        self.csrf = reply.csrf or self.csrf

    def get(self, path: str) -> Reply:
        """Open a page and follow where it leads."""
        reply = self.send("GET", path)
        for _ in range(5):
            if reply.status not in {302, 303}:
                return reply
            reply = self.send("GET", reply.location)
        raise AssertionError(f"{path} leads in a circle: {reply.location}")

    def post(self, path: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> Reply:
        """Send the form of the page that was seen last as a program does, which is told at once of a refusal."""
        return self.press(path, form, {**AS_A_PROGRAM, **(headers or {})})

    def press(self, path: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> Reply:
        """Press a button of the page that was seen last; the reply is not followed."""
        return self.send("POST", path, urlencode({**self.added, "csrf": self.csrf, **(form or {})}), headers)

    def submit(self, path: str, form: dict[str, str] | None = None) -> Reply:
        """Press a button and follow where it leads."""
        reply = self.press(path, form)
        return self.get(reply.location) if reply.status == 303 else reply


def rush(count: int, act: Callable[[int], Answer]) -> list[Answer]:
    """Do it so many times at once."""
    start = Barrier(count)

    def run(turn: int) -> Answer:
        start.wait(timeout=60)
        return act(turn)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
