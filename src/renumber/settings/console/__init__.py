"""The settings of the console: where it is, and the company's identity provider that staff come from."""
