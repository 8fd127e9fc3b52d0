"""The factors of an account: adding, removing, reporting lost, restoring."""
