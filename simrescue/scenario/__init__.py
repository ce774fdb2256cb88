"""Scenario folders: read, overridden and checked into frozen records."""
