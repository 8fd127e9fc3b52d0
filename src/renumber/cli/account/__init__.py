"""`renumber account …`: creating, finding, showing, freezing, releasing and erasing accounts."""
