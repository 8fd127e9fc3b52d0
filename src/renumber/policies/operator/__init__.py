"""The texts and numbers that an operator writes, and the pages that an operator lets people be led back to."""
