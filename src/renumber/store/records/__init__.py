"""One mapper per aggregate: its row, its key, and saving it by compare-and-set."""
