"""The change of the number, one file per act."""
