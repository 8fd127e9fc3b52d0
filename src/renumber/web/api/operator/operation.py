"""An operation of the operator's API, declared once: by this it is routed, checked and documented."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from renumber.policies.joins import Scope
from renumber.web.api.operator.problems import Code, Problem

ALWAYS = (Code.UNAUTHORIZED, Code.INSUFFICIENT_SCOPE, Code.TOO_MANY_REQUESTS)
OF_AN_ACT = (Code.IDEMPOTENCY_KEY_MISSING, Code.IDEMPOTENCY_KEY_REUSED, Code.REQUEST_UNDER_WAY)
OF_A_BODY = (Code.MALFORMED, Code.TOO_LONG, Code.WRONG_MEDIA_TYPE)

Given = msgspec.Struct | Sequence[msgspec.Struct] | None
Answer = Callable[..., Awaitable[Given | Problem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method at one path, the scope that it needs, and everything that may be sent, given and refused.

    `takes` is the body, `asks` the query; `is_tagged` ones give an ETag. An `is_act` is carried out once for each key.
    Without `gives` the answer is empty; `or_all` ones give a list if none is named; `invalid` tells of a wrong shape.
    """

    method: str
    path: str
    name: str
    summary: str
    scope: Scope
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

    @property
    def problems(self) -> tuple[Code, ...]:
        """Every problem that it may tell."""
        of_query = (self.invalid,) if self.asks and not self.takes else ()
        of_path = (Code.ACCOUNT_UNKNOWN,) if self.names_account else ()
        of_act = OF_AN_ACT if self.is_act else ()
        return (*ALWAYS, *of_act, *((*OF_A_BODY, self.invalid) if self.takes else of_query), *of_path, *self.refuses)

    @property
    def names_account(self) -> bool:
        """True if an account stands in its path."""
        return "{account_id}" in self.path


class Operations(list[Operation]):
    """The operations of one part of the API."""

    def declare(self, method: str, path: str, *, scope: Scope, **more: Any) -> Callable[[Answer], Answer]:
        """Declare the function below as an operation; its docstring is what the documentation says of it."""

        def register(answer: Answer) -> Answer:
            self.append(
                Operation(
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
