"""Messages to a person, and the links in them."""
