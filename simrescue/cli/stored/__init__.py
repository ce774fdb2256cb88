"""Commands that look after stored results, and how they are computed again."""
