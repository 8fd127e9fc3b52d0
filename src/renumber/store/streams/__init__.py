"""Streams of security events as they are kept: filled when events are published, emptied by their receivers."""
