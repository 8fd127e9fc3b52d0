"""Organisations, to which accounts may belong: who administers one, and the changes that wait for it."""
