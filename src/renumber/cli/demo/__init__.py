"""`renumber demo`: the command, its way to the parts of the service, and the start of the service."""
