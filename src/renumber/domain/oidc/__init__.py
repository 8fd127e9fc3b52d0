"""Requests, grants and tokens of applications that people sign in to (OAuth 2.0, OpenID Connect)."""
