"""Signals of mobile networks: SIM swap, line type, recycled numbers."""
