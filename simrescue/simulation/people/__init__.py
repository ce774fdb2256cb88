"""Who leaves, when, by what means, where to, and who comes back."""
