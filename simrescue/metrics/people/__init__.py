"""Measures of people: where they are, warned, relieved, dead."""
