"""What is true: pure rules of accounts, numbers, codes and changes, on the standard library alone."""
