"""The only room that knows every other: from settings to running parts."""

from renumber.wiring.parts import Parts, assemble, open_keys
from renumber.wiring.serving import FRAMED_BY, application, asgi, running

__all__ = ["FRAMED_BY", "Parts", "application", "asgi", "assemble", "open_keys", "running"]
