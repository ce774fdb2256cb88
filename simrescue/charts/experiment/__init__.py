"""Charts of experiments and searches."""
