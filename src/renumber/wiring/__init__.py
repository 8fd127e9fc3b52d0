"""The only package that knows every other: it makes the running service by the settings."""

from renumber.wiring.parts import Parts, assemble
from renumber.wiring.web import FRAMED_BY, application, asgi, prepared, running

__all__ = ["FRAMED_BY", "Parts", "application", "asgi", "assemble", "prepared", "running"]
