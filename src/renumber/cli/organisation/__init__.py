"""`renumber organisation …`: companies, the accounts that belong to them, and who administers them."""
