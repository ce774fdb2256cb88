"""Before a run: a new scenario, its check, and what may be written in it."""
