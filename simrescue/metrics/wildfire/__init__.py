"""Measures of forest fires: growth, line, aircraft, summaries."""
