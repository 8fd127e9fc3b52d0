"""The tables, and bringing a database to their newest form."""
