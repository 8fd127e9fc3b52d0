"""Journeys: offered by an operator's program, looked at by anybody, begun once."""
