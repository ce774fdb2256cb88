"""Experiments run whole: points evaluated, remembered, forecast, and stopped when enough is known."""
