"""The operator's brand: its first letter, and its colour where text can be read."""
