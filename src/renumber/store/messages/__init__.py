"""Messages in the store: the outbox, what this process sends itself, settling, and budgets of texts."""
