"""The pages for people, each in a file of its own."""
