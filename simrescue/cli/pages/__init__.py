"""Pages for a browser: the report, the replay, and the local list of runs."""
