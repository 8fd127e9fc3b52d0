"""The API for programs: JSON in, JSON or problem details out, no cookies."""

from renumber.web.api.device import routes

__all__ = ["routes"]
