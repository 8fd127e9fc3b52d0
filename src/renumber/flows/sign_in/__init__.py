"""Signing in, one file per act."""
