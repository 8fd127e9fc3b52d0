"""`renumber staff …`: who works at customer relations, and in which role."""
