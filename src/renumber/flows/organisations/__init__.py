"""Organisations: who belongs to one, and what its administrators see, confirm and refuse."""
