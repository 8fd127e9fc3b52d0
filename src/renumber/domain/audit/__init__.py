"""The history as auditors read it."""
