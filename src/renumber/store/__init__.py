"""How it is kept: the tables, the statements, and the one commit."""
