"""Organisations in the store: their rows, their people, and what their administrators see."""
