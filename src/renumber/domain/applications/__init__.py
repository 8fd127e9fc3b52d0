"""People whom other applications send here, and take back."""
