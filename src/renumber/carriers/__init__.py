"""Signals of the phone networks: SIM swap, line type, recycled numbers."""
