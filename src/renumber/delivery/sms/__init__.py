"""Text messages: one file per kind of provider."""

from renumber.delivery.sms.providers import open_sms_gateways

__all__ = ["open_sms_gateways"]
