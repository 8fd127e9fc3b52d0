"""Delivery of messages: claimed from the outbox, sent, settled."""

from renumber.delivery.dispatcher import Dispatcher
from renumber.delivery.push import Devices

__all__ = ["Devices", "Dispatcher"]
