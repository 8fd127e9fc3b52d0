"""Forms that a browser keeps for us, sealed, until they are given back."""
