"""`renumber joins …`: the applications, webhooks and API keys that join the service."""
