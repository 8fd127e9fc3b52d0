"""Reading without locks: for pages, programs and commands, in as few queries as may be."""
