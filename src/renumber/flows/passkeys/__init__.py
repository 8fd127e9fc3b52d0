"""Passkeys: registering and proving them."""
