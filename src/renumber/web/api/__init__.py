"""What programs talk to: JSON in, JSON or problem details out, no cookies."""

from renumber.web.api.device import handlers

__all__ = ["handlers"]
