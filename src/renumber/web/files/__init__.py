"""Files that are the same for everyone."""
