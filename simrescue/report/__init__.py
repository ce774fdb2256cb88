"""Pages that show stored runs: the report, the replay, and the local server that lists them."""
