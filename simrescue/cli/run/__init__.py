"""Runs, and what they show: one scenario, several, an experiment; and what is stored of them looked over."""
