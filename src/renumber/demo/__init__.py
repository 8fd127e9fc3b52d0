"""The mailbox and the phone beside the page, for the demonstration only."""
