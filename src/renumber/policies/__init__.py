"""The choices that another operator might make otherwise: pure functions of facts and settings."""
