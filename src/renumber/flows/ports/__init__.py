"""What the flows ask of the other rooms; each Protocol has at most five methods."""
