"""The protocols that other rooms implement for the flows, each with at most five methods."""
