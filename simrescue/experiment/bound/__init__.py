"""What the best possible dispatch could have done with the same forces."""
