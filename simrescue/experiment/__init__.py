"""Experiments: where replications run, their statistics, and the store."""
