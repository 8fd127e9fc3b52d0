"""The company's identity provider: where it is, its keys, and the tokens that it gives for a code."""
