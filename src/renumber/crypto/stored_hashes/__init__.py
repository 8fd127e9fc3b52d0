"""The password hashes that can be verified: our own, and those that other systems made."""
