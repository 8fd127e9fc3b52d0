"""Webhooks: each event signed as Standard Webhooks 1.0 says, and posted to whoever the operator lets hear of it."""
