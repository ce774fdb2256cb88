"""The command `simrescue`: what a planner types, what is printed, and the exit code that a pipeline reads."""

from simrescue.cli.main import main

__all__ = ["main"]
