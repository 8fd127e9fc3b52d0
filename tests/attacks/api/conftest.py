"""A service with API keys, in the process of the test."""

from tests.web.api.conftest import sqlite_program

__all__ = ["sqlite_program"]
