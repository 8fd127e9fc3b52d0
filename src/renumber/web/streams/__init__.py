"""Streams of server-sent events, and the look that those of the console share."""
