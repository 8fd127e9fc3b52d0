"""What someone does: one function is one act and one transaction."""
