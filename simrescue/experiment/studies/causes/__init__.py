"""Causes that are tested: what changes a promise when it is taken away, on the same events."""
