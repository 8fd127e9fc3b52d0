"""Customer relations: acts of the same kind as everybody's, by somebody of staff and for a reason."""
