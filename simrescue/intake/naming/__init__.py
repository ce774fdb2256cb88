"""Places by their names: ids from them, references to them, and what they are called."""
