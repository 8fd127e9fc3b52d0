"""`renumber doctor`: what is set, and what would keep the service from working."""
