"""Tactics: what crews are ordered to do on the line, and who orders it."""
