"""What networks know: SIM swap, line type, recycled numbers."""
