"""The pages of journeys: people whom another application sends here to do one thing."""

from renumber.web.pages.journey.address import routes

__all__ = ["routes"]
