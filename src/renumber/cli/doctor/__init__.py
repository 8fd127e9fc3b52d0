"""`renumber doctor`: the settings, and what would keep the service from working."""
