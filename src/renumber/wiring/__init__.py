"""The only package that knows every other: `core` for acts, `parts` for the service, `web` for what is served."""
