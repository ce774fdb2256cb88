"""Experiment files: what is varied and how, checked against the scenario, laid out point by point."""
