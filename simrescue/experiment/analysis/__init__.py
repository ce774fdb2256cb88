"""What replications say: intervals and verdicts, differences by pairs, the choice of the best."""
