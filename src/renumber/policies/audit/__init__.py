"""The history for auditors: how it is exported."""
