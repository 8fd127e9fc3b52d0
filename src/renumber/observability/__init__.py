"""Logs and metrics: operators see how the service runs, and nothing of a person."""
