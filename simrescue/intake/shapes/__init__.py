"""Sheets of other shapes than one row for each thing, put into it."""
