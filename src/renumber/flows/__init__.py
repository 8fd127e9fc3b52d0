"""Acts, a folder per noun: one function is one act and one transaction."""
