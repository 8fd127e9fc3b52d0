"""A service with API keys, and one with applications, in the process of the test."""

from tests.web.api.conftest import people, somebody, sqlite_program

__all__ = ["people", "somebody", "sqlite_program"]
