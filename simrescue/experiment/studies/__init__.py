"""Answers that take several runs: compare, size, mend, sensitivity."""
