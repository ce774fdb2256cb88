"""Plans as files, and the measures of theirs that need no run."""
