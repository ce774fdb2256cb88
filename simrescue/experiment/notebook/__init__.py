"""How the results of a run show themselves in a notebook."""
