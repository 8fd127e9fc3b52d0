"""The joins file: the applications, webhooks and API keys that an operator lets in."""
