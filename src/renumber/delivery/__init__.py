"""How a message leaves: claimed from the outbox, sent, settled."""

from renumber.delivery.build import build
from renumber.delivery.dispatcher import Dispatcher

__all__ = ["Dispatcher", "build"]
