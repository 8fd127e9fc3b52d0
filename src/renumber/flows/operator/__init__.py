"""What an operator's programs do, beside the acts that an operator does by hand."""
