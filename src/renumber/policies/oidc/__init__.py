"""The choices about applications that sign people in: what they may ask for, and how much an answer is worth."""
