"""How a message leaves: claimed from the outbox, sent, settled."""
