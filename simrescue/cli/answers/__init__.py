"""What ends in a decision: why late, what is better, what is enough, what mends it, what it depends on."""
