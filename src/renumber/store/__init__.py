"""The store: the tables, the statements on them, and the one commit."""
