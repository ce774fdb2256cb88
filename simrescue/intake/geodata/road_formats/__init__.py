"""Files of roads by their format, and the reader of each."""
