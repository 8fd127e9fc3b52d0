"""Customer relations: who works there, and the recovery cases that they open and approve."""
