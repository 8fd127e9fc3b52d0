"""The only room that knows every other: from settings to running parts."""

from renumber.wiring.parts import Parts, assemble
from renumber.wiring.web import FRAMED_BY, application, asgi, prepared, running

__all__ = ["FRAMED_BY", "Parts", "application", "asgi", "assemble", "prepared", "running"]
