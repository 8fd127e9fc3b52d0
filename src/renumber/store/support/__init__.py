"""Customer relations in the store: roles and cases as rows, and what the console reads."""
