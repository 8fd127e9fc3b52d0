"""What an operator may set."""

from renumber.settings.settings import TABLE, Argon2, Described, Settings, SettingsError, describe, unknown_names

__all__ = ["TABLE", "Argon2", "Described", "Settings", "SettingsError", "describe", "unknown_names"]
