"""`renumber audit …`: verifying, showing and exporting the history."""
