"""The history for auditors: reading it, proving it, exporting it, each written into it."""
