"""A self-hosted service with which a person safely changes the phone number of their account."""

__version__ = "0.1.0"
