"""Handlers that share a signature: each takes the request alone and gives a response that is ready to be sent."""

from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.utils.signature import ParsedSignature

_SIGNATURES: dict[tuple[tuple[str, Any], ...], ParsedSignature] = {}  # by the types that stand in the code


class Answering(HTTPRouteHandler):
    """A handler that reads its signature from an earlier one of the same types: there are some 400."""

    @property
    def parsed_fn_signature(self) -> ParsedSignature:
        """The types that the function takes and gives."""
        types = tuple(self.fn.__annotations__.items())
        if types not in _SIGNATURES:
            _SIGNATURES[types] = super().parsed_fn_signature
        return _SIGNATURES[types]
