"""An operation of an API, declared once: by this it is routed, checked and documented."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

import msgspec

from renumber.web.api.operations.problems import Code, Problem

UNKNOWN = {
    "account_id": Code.ACCOUNT_UNKNOWN,
    "session_id": Code.SESSION_UNKNOWN,
    "factor_id": Code.FACTOR_UNKNOWN,
    "stream_id": Code.STREAM_UNKNOWN,
    "organisation_id": Code.ORGANISATION_UNKNOWN,
}
OF_AN_ACT = (Code.IDEMPOTENCY_KEY_MISSING, Code.IDEMPOTENCY_KEY_REUSED, Code.REQUEST_UNDER_WAY)
OF_A_BODY = (Code.MALFORMED, Code.TOO_LONG, Code.WRONG_MEDIA_TYPE)

_PART = re.compile(r"\{(\w+)\}")

Given = msgspec.Struct | Sequence[msgspec.Struct] | None
Answer = Callable[..., Awaitable[Given | Problem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method at one path, the scope that it needs, and everything that may be sent, given and refused.

    `takes` is the body, `asks` the query; `is_tagged` ones give an ETag. An `is_act` changes something. Whoever posts
    one sends an idempotency key, for which it is carried out once; what is deleted twice is gone as well. Without
    `gives` the answer is empty; `or_all` ones give a list if none is named; `invalid` tells of a wrong shape.
    """

    method: str
    path: str
    name: str
    summary: str
    scope: StrEnum | None
    answer: Answer
    gives: type[msgspec.Struct] | None = None
    or_all: bool = False
    invalid: Code = Code.NOT_VALID
    takes: type[msgspec.Struct] | None = None
    asks: type[msgspec.Struct] | None = None
    status: int = 200
    is_tagged: bool = False
    is_act: bool = False
    refuses: tuple[Code, ...] = ()

    always: ClassVar[tuple[Code, ...]] = (Code.UNAUTHORIZED, Code.INSUFFICIENT_SCOPE, Code.TOO_MANY_REQUESTS)
    without_account: ClassVar[Code] = Code.ACCOUNT_UNKNOWN

    @property
    def problems(self) -> tuple[Code, ...]:
        """Every problem that it may tell."""
        of_query = (self.invalid,) if self.asks and not self.takes else ()
        of_act = OF_AN_ACT if self.takes_key else ()
        of_body = (*OF_A_BODY, self.invalid) if self.takes else of_query
        return tuple(dict.fromkeys((*self.always, *of_act, *of_body, *self.named.values(), *self.refuses)))

    @property
    def security(self) -> list[dict[str, list[str]]]:
        """The ways in, as OpenAPI writes them: by any one of these."""
        return [{"api_key": [self.scope.value]}] if self.scope else []

    @property
    def takes_key(self) -> bool:
        """True if it takes an Idempotency-Key."""
        return self.is_act and self.method == "POST"

    @property
    def named(self) -> Mapping[str, Code]:
        """The ids in its path, each with the problem of one that is nobody's."""
        return {name: UNKNOWN[name] for name in _PART.findall(self.path)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """An API: its title, the address of its page, the ways in as OpenAPI describes them, and its operations."""

    title: str
    page: str
    schemes: Mapping[str, Mapping[str, str]]
    operations: Sequence[Operation]

    @property
    def problems(self) -> list[Code]:
        """Every problem that one of its operations may tell, in the order of the table."""
        told = {code for one in self.operations for code in one.problems}
        return [code for code in Code if code in told]


class Operations(list[Operation]):
    """The operations of one part of an API, all of the same kind."""

    def __init__(self, kind: type[Operation] = Operation) -> None:
        super().__init__()
        self._kind = kind

    def declare(self, method: str, path: str, *, scope: StrEnum | None, **more: Any) -> Callable[[Answer], Answer]:
        """Declare the function below as an operation; its docstring is what the documentation says of it."""

        def register(answer: Answer) -> Answer:
            self.append(
                self._kind(
                    method=method,
                    path=path,
                    name=answer.__name__,
                    summary=(answer.__doc__ or "").strip(),
                    scope=scope,
                    answer=answer,
                    **more,
                )
            )
            return answer

        return register
