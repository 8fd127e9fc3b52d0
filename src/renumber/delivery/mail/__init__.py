"""Mail: what a message says, how it is encoded, and how it leaves."""
