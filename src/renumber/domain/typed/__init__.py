"""Codes, names and tokens as people type and hand them on, read by one rule wherever that is."""
