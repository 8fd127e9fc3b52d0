"""The settings of an operator."""

from renumber.settings.argon2 import Argon2
from renumber.settings.settings import TABLE, Described, Settings, SettingsError, describe, unknown_names

__all__ = ["TABLE", "Argon2", "Described", "Settings", "SettingsError", "describe", "unknown_names"]
