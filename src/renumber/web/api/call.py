"""One call of a program: its body, bounded and typed, and its answer."""

import json
import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from http import HTTPStatus
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.flows.push.devices import Call
from renumber.flows.services import Client
from renumber.web.problem import problem_reply
from renumber.web.refusal_texts import Circumstances, refusal_text
from renumber.web.refusals import status_of
from renumber.web.reply import reply
from renumber.web.request import WebRequest

LONGEST_BODY = 8 * 1024  # bytes
JSON = "application/json"
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

    def __init__(self, request: WebRequest) -> None:
        self.request, self.site, self.services = request, request.site, request.site.services

    @property
    def client(self) -> Client:
        """The client of the call; a program has no cookie of a browser, and no time zone of its own."""
        return Client(ip=self.request.ip, browser=self.request.browser, browser_id="", time_zone=self.site.time_zone)

    async def body(self) -> bytes | None:
        """Read the body, unless it is longer than any of ours."""
        body = await self.request.http.body()
        return body if len(body) <= LONGEST_BODY else None

    async def read(self, wanted: type[Wanted]) -> Wanted | None:
        """Read a body of just this shape; any other is None."""
        try:
            return msgspec.json.decode(await self.body() or b"", type=wanted)
        except msgspec.DecodeError:
            return None

    async def signed(self) -> Call | None:
        """Give the call with the signature of its Authorization header."""
        given = _CREDENTIALS.fullmatch(self.request.header("authorization"))
        signature = decoded(given[4]) if given else None
        body = await self.body()
        if given is None or signature is None or body is None:
            return None
        http = self.request.http
        return Call(
            account_id=given[1],
            device_id=given[2],
            at=given[3],
            signature=signature,
            method=http.method,
            path=http.scope["raw_path"].decode("ascii", "replace"),
            body=body,
        )

    def answer(self, content: object, status: int = 200) -> ASGIResponse:
        """Answer with JSON, or with nothing."""
        body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
        return reply(self.request.http, body, JSON, status=status)

    def unsigned(self) -> ASGIResponse:
        """Refuse a call whose Authorization header is missing, or isn't one of ours."""
        return problem_reply(self.request, 401, {"code": "signature_missing"})

    def malformed(self) -> ASGIResponse:
        """Refuse a body of another shape than the endpoint takes."""
        return problem_reply(self.request, 400, {"code": "malformed"})

    def too_long(self) -> ASGIResponse:
        """Refuse a body that is longer than any of ours."""
        return problem_reply(self.request, 413, {"code": "too_long"})

    def refuse(self, refusal: Refusal, *, tries_left: int | None = None) -> ASGIResponse:
        """Say why not, with a code for the program and a sentence for the person before it."""
        self.request.served.refusal = refusal
        status, now = STATUS.get(refusal, status_of(refusal)), self.services.clock.now()
        members: dict[str, object] = {"code": refusal.value}
        if tries_left is not None:
            members["tries_left"] = tries_left
        if status == HTTPStatus.UNAUTHORIZED:
            members["now"] = int(now.timestamp())
        language = self.request.language()
        zone = ZoneInfo(self.site.time_zone)
        about = Circumstances(now=now, zone=zone, language=language, tries_left=tries_left or 0)
        members["detail"] = refusal_text(refusal, self.site.templates.translations[language], about)
        return problem_reply(self.request, status, members)


def decoded(text: str) -> bytes | None:
    """Decode base64url without padding; anything else is None."""
    if not _B64U.fullmatch(text):
        return None
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except NotBase64:
        return None
