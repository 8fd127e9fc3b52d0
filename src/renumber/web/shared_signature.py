"""Handlers that share a signature: each takes the request alone and gives a response that is ready to be sent."""

from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.types import Empty
from litestar.types.internal_types import PathParameterDefinition
from litestar.utils.signature import ParsedSignature

Types = tuple[tuple[str, Any], ...]  # as they stand in the code
_SIGNATURES: dict[Types, ParsedSignature] = {}
_MODELS: dict[Types, Any] = {}
_KWARGS: dict[tuple[Types, frozenset[str]], Any] = {}


class Answering(HTTPRouteHandler):
    """A handler that takes what Litestar reads from its signature from an earlier one of the same types.

    There are some 500, with few signatures, and reading them is most of what a start of the application costs.
    """

    @property
    def parsed_fn_signature(self) -> ParsedSignature:
        """The types that the function takes and gives."""
        if self._parsed_fn_signature is Empty:
            types = self._types
            if types not in _SIGNATURES:
                _SIGNATURES[types] = super().parsed_fn_signature
            self._parsed_fn_signature = _SIGNATURES[types]
        return self._parsed_fn_signature

    @property
    def signature_model(self) -> Any:
        """The struct that a request is read into."""
        if self._signature_model is Empty:
            types = self._types
            if types not in _MODELS:
                _MODELS[types] = super().signature_model
            self._signature_model = _MODELS[types]
        return self._signature_model

    def create_kwargs_model(self, path_parameters: dict[str, PathParameterDefinition]) -> Any:
        """The parts of a request that the function is given."""
        key = (self._types, frozenset(path_parameters))
        if key not in _KWARGS:
            _KWARGS[key] = super().create_kwargs_model(path_parameters)
        return _KWARGS[key]

    @property
    def ownership_layers(self) -> list[Any]:
        """The application and the handler: nothing stands between them."""
        return [self] if self.owner is None else [self.owner, self]

    @property
    def _types(self) -> Types:
        return tuple(self.fn.__annotations__.items())
