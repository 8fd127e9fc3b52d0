"""Logout tokens: applications hear that a session has ended (OpenID Connect Back-Channel Logout 1.0)."""
