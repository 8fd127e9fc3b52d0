"""What we choose: pure functions of facts and settings."""
