"""The part of an operator's programs beside the acts that an operator does by hand."""
