"""The rules that hold everywhere, of accounts, numbers, codes and changes: pure, on the standard library alone."""
