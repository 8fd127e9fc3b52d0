"""The history: appending to its chains, signing checkpoints, and verifying both."""
