"""Keys at rest: what they seal, and how one is replaced by another."""
