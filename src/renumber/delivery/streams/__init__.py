"""Streams of security events: signed tokens that are pushed to receivers, one after another (RFC 8935)."""
