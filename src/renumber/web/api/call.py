"""One call of a program: its body, bounded and typed, and how it is answered."""

import json
import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import TypeVar

import msgspec
from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.flows.act import Client
from renumber.flows.push.devices import Call
from renumber.web import client
from renumber.web.client import pick_language
from renumber.web.edge import Served
from renumber.web.exchange import WebRequest
from renumber.web.problem import PROBLEM
from renumber.web.refusal_texts import Circumstances, worded
from renumber.web.refusals import status_of
from renumber.web.reply import reply
from renumber.web.site import Site

LONGEST_BODY = 8 * 1024  # bytes
JSON = "application/json"
NOTHING: Mapping[str, object] = MappingProxyType({})
STATUS = {  # where a program is told otherwise than a person
    Refusal.DEVICE_UNKNOWN: 401,
    Refusal.DEVICE_CLOCK_OFF: 401,
    Refusal.DEVICE_SIGNATURE_WRONG: 401,
    Refusal.LINK_UNKNOWN: 410,
}
_CREDENTIALS = re.compile(
    r'Renumber-Device account="([0-9a-f]{32})", device="([0-9a-f]{32})", at="(\d{1,12})", signature="([\w-]{1,128})"',
    re.ASCII,
)
_B64U = re.compile(r"[\w-]*", re.ASCII)

Wanted = TypeVar("Wanted", bound=msgspec.Struct)


class ApiCall:
    """A request as an endpoint sees it; nothing in it comes from a cookie."""

    def __init__(self, request: WebRequest, site: Site) -> None:
        self.request, self.site, self.services = request, site, site.services
        self.served = Served.of(request.scope)

    @property
    def client(self) -> Client:
        """Where it comes from; a program has no browser cookie and no time zone of its own."""
        headers = self.request.headers
        peer = self.request.client.host if self.request.client else ""
        ip = client.client_ip(peer, headers.get("x-forwarded-for", ""), self.site.trusted_proxies)
        return Client(ip, client.browser_name(headers.get("user-agent", "")), "", self.site.time_zone)

    async def body(self) -> bytes | None:
        """The body, unless it is longer than any of ours."""
        body = await self.request.body()
        return body if len(body) <= LONGEST_BODY else None

    async def read(self, wanted: type[Wanted]) -> Wanted | None:
        """The body as it has to be; anything else is None."""
        try:
            return msgspec.json.decode(await self.body() or b"", type=wanted)
        except msgspec.DecodeError:
            return None

    async def signed(self) -> Call | None:
        """The call that a device signed, as its header says."""
        given = _CREDENTIALS.fullmatch(self.request.headers.get("authorization", ""))
        signature = decoded(given[4]) if given else None
        body = await self.body()
        if given is None or signature is None or body is None:
            return None
        path = self.request.scope["raw_path"].decode("ascii", "replace")
        return Call(given[1], given[2], given[3], signature, self.request.method, path, body)

    def param(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def answer(self, content: object, status: int = 200) -> ASGIResponse:
        """Answer with JSON, or with nothing."""
        body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
        return reply(self.request, body, JSON, status=status)

    def unsigned(self) -> ASGIResponse:
        """The Authorization header is missing, or isn't one of ours."""
        return self._problem(401, "signature_missing")

    def malformed(self) -> ASGIResponse:
        """The body is not what this endpoint takes."""
        return self._problem(400, "malformed")

    def too_long(self) -> ASGIResponse:
        """The body is longer than any of ours."""
        return self._problem(413, "too_long")

    def refuse(self, refusal: Refusal, **more: object) -> ASGIResponse:
        """Say why not, with a code for the program and a sentence for the person before it."""
        self.served.refusal = refusal
        status, now = STATUS.get(refusal, status_of(refusal)), self.services.clock.now()
        if status == HTTPStatus.UNAUTHORIZED:
            more["now"] = int(now.timestamp())
        language = pick_language(None, self.request.headers.get("accept-language", ""), self.site.languages)
        tries_left = more.get("tries_left")
        about = Circumstances(
            now=now,
            zone=client.time_zone(None, self.site.time_zone),
            language=language,
            tries_left=tries_left if isinstance(tries_left, int) else 0,
        )
        more["detail"] = worded(refusal, self.site.templates.translations[language], about)
        return self._problem(status, refusal.value, more)

    def _problem(self, status: int, code: str, more: Mapping[str, object] = NOTHING) -> ASGIResponse:
        about = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
        told = {**about, "code": code, **more, "request_id": self.served.request_id}
        return reply(self.request, json.dumps(told, ensure_ascii=False).encode(), PROBLEM, status=status)


def decoded(text: str) -> bytes | None:
    """Bytes from base64url without padding; anything else is None."""
    if not _B64U.fullmatch(text):
        return None
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except NotBase64:
        return None
