"""Runs, and what they show: one scenario, several, an experiment."""
