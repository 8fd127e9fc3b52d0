"""The numbering plans: what numbers look like, and of which kind they are."""
