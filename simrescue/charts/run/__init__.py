"""Charts of a run: map, curves, response times, verdicts."""
