"""One call of an operation: what it sends, and its answer."""

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.flows.services import Services
from renumber.web.api.call import JSON, ApiCall
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.problem import MEDIA_TYPE, problem_body
from renumber.web.reply import reply

Sent = TypeVar("Sent", bound=msgspec.Struct)
Headers = list[tuple[str, str]]
NO_NUL = "A text holds the character NUL, which no database of ours keeps"
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # as JSON writes it


class Written(msgspec.Struct, frozen=True, array_like=True):
    """An answer as it is sent, and kept for whoever asks again."""

    status: int
    media_type: str
    body: str


@dataclass(slots=True, kw_only=True)
class OperationCall(ABC):
    """A call of somebody who may call; `headers` go with whatever is answered."""

    api: ApiCall
    headers: Headers = field(default_factory=list)

    @property
    @abstractmethod
    def caller(self) -> bytes:
        """The 32 bytes that tell who calls: quotas and kept answers are theirs alone."""

    @property
    def services(self) -> Services:
        """The services of flows."""
        return self.api.services

    def refused(self, refusal: Refusal, code: Code, detail: str = "") -> Problem:
        """Note a refusal of a flow, and tell it as this problem."""
        self.api.request.served.refusal = refusal
        return Problem(code=code, detail=detail)

    async def read(self, wanted: type[Sent]) -> Sent | Problem:
        """Read a body of just this shape: a member that it doesn't have is refused, and not passed over."""
        if self.api.request.header("content-type").partition(";")[0].strip().lower() != JSON:
            return Problem(code=Code.WRONG_MEDIA_TYPE)
        body = await self.api.body() or b""
        if _NUL.search(body):
            return Problem(code=Code.NOT_VALID, detail=NO_NUL)
        try:
            return msgspec.json.decode(body, type=wanted)
        except msgspec.ValidationError as wrong:
            return Problem(code=Code.NOT_VALID, detail=str(wrong))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return Problem(code=Code.MALFORMED)

    def asked(self, wanted: type[Sent]) -> Sent | Problem:
        """Read the query, of just this shape too; a member that stands there twice is refused."""
        given = self.api.request.http.query_params.dict()
        if any(len(values) != 1 for values in given.values()):
            return Problem(code=Code.NOT_VALID, detail="A member of the query stands there twice")
        if any("\x00" in values[0] for values in given.values()):
            return Problem(code=Code.NOT_VALID, detail=NO_NUL)
        flat: Mapping[str, object] = {name: values[0] for name, values in given.items()}
        try:
            return msgspec.convert(flat, wanted, strict=False)
        except msgspec.ValidationError as wrong:
            return Problem(code=Code.NOT_VALID, detail=str(wrong))

    def worded(self, problem: Problem) -> Written:
        """Word a problem, whose headers go with the reply."""
        self.headers += problem.headers
        body = problem_body(self.api.request, problem.status, problem.members())
        return Written(problem.status, MEDIA_TYPE, body.decode())

    def send(self, written: Written) -> ASGIResponse:
        """Send an answer that was written, now or before."""
        http, body = self.api.request.http, written.body
        return reply(http, body, written.media_type, status=written.status, headers=self.headers)

    def send_tagged(self, written: Written) -> ASGIResponse:
        """Send an answer with its ETag; whoever still has it hears only that (RFC 9110 13.1.2)."""
        tag = f'"{hashlib.sha256(written.body.encode()).hexdigest()[:32]}"'
        self.headers += [("etag", tag), ("cache-control", "private, no-cache")]
        kept = {one.strip().removeprefix("W/") for one in self.api.request.header("if-none-match").split(",")}
        return self.send(Written(304, JSON, "") if kept & {tag, "*"} else written)
