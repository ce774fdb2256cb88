"""Hazards: what happens to the place, and when."""
